using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;
using RetailInvoicing.Simulators.Redsys.Books;
using RetailInvoicing.Simulators.Redsys.Control;

namespace RetailInvoicing.Simulators.Redsys.Doors;

/// <summary>trataPeticionREST, of which refunds are played.</summary>
internal sealed class RestDoor(Ledger ledger, Desk desk, Faults faults, TimeProvider clock)
{
    public async Task<IResult> Serve(HttpRequest request, CancellationToken token)
    {
        var fields = await FieldsAsync(request, token);
        var (message, error) = SentMessage.Open(
            fields.GetValueOrDefault("Ds_SignatureVersion"),
            fields.GetValueOrDefault("Ds_MerchantParameters"),
            fields.GetValueOrDefault("Ds_Signature"),
            ledger.KeyOf
        );
        if (await faults.SpoilAsync(FaultKinds.Refund, message?.Order, clock, token) is { } spoiled)
        {
            return spoiled;
        }

        if (message is null)
        {
            return Refused(error!);
        }

        if (message.Type != Operation.Refund)
        {
            return Refused("SIS0274");
        }

        var failure = faults.Draw(FaultKinds.RefundFailure, FaultKinds.Refund, message.Order);
        if (failure?.Code is { } code && code.StartsWith("SIS", StringComparison.Ordinal))
        {
            return Refused(code);
        }

        var (operation, refusal) = desk.Refund(message, failure is null ? "0900" : failure.Code ?? "0190");
        var answer = operation is null ? Refused(refusal!) : Answered(operation);
        return answer.OrLost(faults, FaultKinds.Refund, message.Order);
    }

    private static IResult Refused(string error) => Results.Json(new Dictionary<string, string> { ["errorCode"] = error });

    private IResult Answered(Operation operation)
    {
        var said = new Dictionary<string, string>
        {
            ["Ds_Amount"] = operation.Amount.ToString(CultureInfo.InvariantCulture),
            ["Ds_Currency"] = operation.Currency,
            ["Ds_Order"] = operation.Order,
            ["Ds_MerchantCode"] = operation.Merchant,
            ["Ds_Terminal"] = operation.Terminal,
            ["Ds_Response"] = operation.Response,
            ["Ds_AuthorisationCode"] = operation.Authorisation ?? "",
            ["Ds_TransactionType"] = operation.Type,
            ["Ds_SecurePayment"] = "0",
            ["Ds_Language"] = "1",
            ["Ds_MerchantData"] = operation.Data,
        };
        if (operation.Means == "card")
        {
            said["Ds_Card_Country"] = "724";
        }

        var json = JsonSerializer.SerializeToUtf8Bytes(said);
        var parameters = operation.Version == Signing.Sha512 ? Base64Url.EncodeToString(json) : Convert.ToBase64String(json);
        var key = ledger.KeyOf(operation.Merchant, operation.Terminal);
        return Results.Json(
            new Dictionary<string, string>
            {
                ["Ds_SignatureVersion"] = operation.Version,
                ["Ds_MerchantParameters"] = parameters,
                ["Ds_Signature"] = Signing.ForAnswer(operation.Version, key, operation.Order, parameters),
            }
        );
    }

    /// <summary>The fields of a JSON body or a form; none where it is neither.</summary>
    private static async Task<Dictionary<string, string>> FieldsAsync(HttpRequest request, CancellationToken token)
    {
        if (request.HasFormContentType)
        {
            var form = await request.ReadFormAsync(token);
            return form.ToDictionary(each => each.Key, each => $"{each.Value}");
        }

        try
        {
            return await JsonSerializer.DeserializeAsync<Dictionary<string, string>>(request.Body, cancellationToken: token) ?? [];
        }
        catch (JsonException)
        {
            return [];
        }
    }
}
