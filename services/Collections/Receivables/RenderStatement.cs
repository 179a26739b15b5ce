using System.Globalization;
using Grpc.Core;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Grpc.Delivery;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Collections.Receivables;

/// <summary>A statement as PDF.</summary>
public sealed record RenderedStatement(ReadOnlyMemory<byte> Content, string ContentType, string FileName);

/// <summary>A statement of account as PDF: Delivery sets it, in the customer's language and the seller's colours.</summary>
public sealed partial class RenderStatement(
    Documents.DocumentsClient documents,
    ServiceCredentials credentials,
    ILogger<RenderStatement> log
)
{
    /// <summary>Has it set.</summary>
    public async Task<Outcome<RenderedStatement>> RunAsync(SellerId seller, Statement statement, CancellationToken cancellationToken)
    {
        using var span = Telemetry.Source.StartActivity("RenderStatement");
        var told = Told(statement);
        if (told.CalculateSize() > ServiceDefaults.ServiceDefaults.BodyLimit)
        {
            return CollectionsFaults.StatementTooLarge.With();
        }

        try
        {
            var pdf = await documents.StatementAsync(
                told,
                credentials.For("delivery", OnBehalfOf.Seller(seller)),
                cancellationToken: cancellationToken
            );
            return new RenderedStatement(pdf.Content.Memory, pdf.ContentType, pdf.FileName);
        }
        catch (RpcException exception)
            when (exception.StatusCode == StatusCode.ResourceExhausted && exception.Trailers.GetValue("fault-code") is null)
        {
            // The PDF itself is more than a message takes; whoever has too many requests names its fault.
            return CollectionsFaults.StatementTooLarge.With();
        }
        catch (RpcException exception) when (Resilience.IsPassing(exception) && !cancellationToken.IsCancellationRequested)
        {
            LogAway(exception.Status.ToString());
            return CollectionsFaults.NoPdfNow.With() with { RetryAfter = 10 };
        }
    }

    private static GetStatementPdf Told(Statement statement)
    {
        var told = new GetStatementPdf
        {
            CustomerNumber = statement.CustomerKey,
            Language = statement.Language,
            From = Text(statement.From),
            To = Text(statement.To),
            MadeAt = statement.MadeAt.ToString("O", CultureInfo.InvariantCulture),
        };
        if (statement.CustomerName is { } name)
        {
            told.CustomerName = name;
        }

        told.Accounts.Add(
            statement.Accounts.Select(account =>
            {
                var one = new StatementAccountPdf
                {
                    Currency = account.Currency.Code,
                    Opening = Text(account.Opening),
                    Closing = Text(account.Closing),
                    ClaimsDue = Text(account.ClaimsDue),
                };
                one.Entries.Add(
                    account.Entries.Select(entry =>
                    {
                        var line = new StatementEntryPdf
                        {
                            Date = Text(entry.Date),
                            Kind = entry.Kind,
                            Number = entry.Number,
                            Amount = Text(entry.Amount),
                            Balance = Text(entry.Balance),
                        };
                        if (entry.DueDate is { } due)
                        {
                            line.DueDate = Text(due);
                        }

                        return line;
                    })
                );
                one.Claims.Add(
                    account.Claims.Select(claim => new StatementClaimPdf
                    {
                        Date = Text(claim.Date),
                        Kind = claim.Kind,
                        Number = claim.Number,
                        Amount = Text(claim.Amount),
                        State = claim.State,
                    })
                );
                return one;
            })
        );
        return told;
    }

    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Text(decimal amount) => amount.ToString(CultureInfo.InvariantCulture);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A statement cannot be set as PDF now: Delivery says {Reason}")]
    private partial void LogAway(string reason);
}
