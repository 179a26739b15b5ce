using System.Globalization;
using RetailInvoicing.Simulators.Bank.Books;
using RetailInvoicing.Simulators.Bank.Control;

namespace RetailInvoicing.Simulators.Bank.Doors;

/// <summary>Where an account's notices go; what is not said stays.</summary>
internal sealed record Delivering
{
    public string? Name { get; init; }

    public string? PaymentsAddress { get; init; }

    public string? ApiKey { get; init; }
}

/// <summary>A transfer of the control API; amounts are decimal text.</summary>
internal sealed record Ordering
{
    public string? Epc { get; init; }

    public string? Iban { get; init; }

    public string? Name { get; init; }

    public string? Amount { get; init; }

    public string? Reference { get; init; }

    public string? Payer { get; init; }

    public string? PayerAccount { get; init; }

    public string? Key { get; init; }

    public string? Fault { get; init; }

    public OrderForm Form =>
        new OrderForm
        {
            Epc = Epc,
            Iban = Iban ?? "",
            Name = Name ?? "",
            Amount = Amount ?? "",
            Reference = Reference ?? "",
            PayerAccount = PayerAccount ?? "",
            Key = Key ?? "",
            Fault = Fault ?? "",
        }.By(Payer);
}

/// <summary>What a test asks of the simulator, and tells it to do: plain HTTP, JSON.</summary>
internal sealed class ControlDoors(Ledger ledger, Counter counter, Teller teller, Faults faults, TimeProvider clock)
{
    private const string Xml = "application/xml";

    public IResult AddFault(Fault fault) =>
        faults.Add(fault) is { } wrong ? Results.BadRequest(new { error = wrong }) : Results.Ok(faults.All);

    public IResult ListFaults() => Results.Ok(faults.All);

    public IResult ClearFaults()
    {
        faults.Clear();
        return Results.NoContent();
    }

    public IResult GetSettings() => Results.Ok(ledger.Settings);

    /// <summary>Changes what is said; a restart keeps it.</summary>
    public IResult ChangeSettings(SettingsChange change)
    {
        ledger.Add(new Entry { Settings = change.On(ledger.Settings) });
        if (change.Seed is { } seed)
        {
            faults.Seed(seed);
        }

        teller.Forget();
        return GetSettings();
    }

    /// <summary>The owner of an account says where its notices go.</summary>
    public IResult PutAccount(string iban, Delivering delivering)
    {
        var number = CheckDigits.Compact(iban);
        if (!CheckDigits.IsIban(number))
        {
            return Results.BadRequest(new { error = "iban: with check digits that hold" });
        }

        var before = ledger.AccountOf(number);
        var address = (delivering.PaymentsAddress ?? before?.Address ?? "").TrimEnd('/');
        var key = delivering.ApiKey ?? before?.Key ?? "";
        if (
            !Uri.TryCreate(address, UriKind.Absolute, out var to)
            || (to.Scheme != Uri.UriSchemeHttp && to.Scheme != Uri.UriSchemeHttps)
            || key.Length is 0 or > 8000
            || !key.All(static each => each is > ' ' and <= '~')
            || (delivering.Name is { } name && (name.Length > 70 || !OrderForm.IsPlain(name)))
        )
        {
            return Results.BadRequest(
                new { error = "paymentsAddress: http://…; apiKey: a key with payments:write; name: up to 70 characters" }
            );
        }

        ledger.Add(
            new Entry
            {
                Account = new Account
                {
                    Iban = number,
                    Name = delivering.Name ?? before?.Name,
                    Address = address,
                    Key = key,
                },
            }
        );
        teller.Forget();
        return Results.Ok(Told(ledger.AccountOf(number)!));
    }

    public IResult GetAccount(string iban) =>
        ledger.AccountOf(CheckDigits.Compact(iban)) is { } account ? Results.Ok(Told(account)) : Results.NotFound();

    public IResult ListAccounts() => Results.Ok(ledger.Accounts().Select(Told));

    public IResult CloseAccount(string iban)
    {
        if (ledger.AccountOf(CheckDigits.Compact(iban)) is not { } account)
        {
            return Results.NotFound();
        }

        ledger.Add(new Entry { Account = account with { IsClosed = true, Key = "" } });
        return Results.NoContent();
    }

    /// <summary>Orders a transfer, as a person would on the page.</summary>
    public IResult Transfer(Ordering ordering)
    {
        var form = ordering.Form.Checked();
        return form.Wrongs.Count > 0
            ? Results.UnprocessableEntity(new { errors = form.Wrongs.Select(static each => each.English) })
            : Results.Ok(Told(counter.Order(form)));
    }

    /// <summary>The books of an account, or of all: transfers as ordered, movements as booked by now.</summary>
    public IResult Books(string? iban)
    {
        var account = iban is null ? null : CheckDigits.Compact(iban);
        var movements = Booked(account);
        return Results.Ok(
            new
            {
                balance = Text(movements.Sum(static each => each.Returns is null ? each.Amount : -each.Amount)),
                transfers = ledger.Transfers().Where(each => account is null || each.Iban == account).Select(Told),
                movements = movements.Select(each => new
                {
                    number = each.Number,
                    iban = each.Iban,
                    bankReference = each.BankReference,
                    amount = Text(each.Amount),
                    isCredit = each.Returns is null,
                    reason = each.Reason,
                    reference = each.Reference,
                    words = each.Words,
                    payer = each.Payer,
                    payerAccount = each.PayerAccount,
                    at = each.At,
                    toldAt = each.ToldAt,
                    answer = each.Answer,
                    trouble = each.ToldAt is null ? teller.TroubleWith(each.Number) : null,
                }),
            }
        );
    }

    /// <summary>An account's statement of a day, as its owner would fetch it from the bank.</summary>
    public IResult Statement(string? iban, string? date, string? kind)
    {
        var account = CheckDigits.Compact(iban ?? "");
        var day = Movement.DayOf(clock.GetUtcNow());
        if (
            !CheckDigits.IsIban(account)
            || (date is not null && !DateOnly.TryParseExact(date, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day))
            || (kind ?? "camt.053") is not ("camt.053" or "camt.054")
        )
        {
            return Results.BadRequest(new { error = "iban; date: as 2026-11-23; kind: camt.053 | camt.054" });
        }

        var isStatement = kind is not "camt.054";
        var name = string.Create(CultureInfo.InvariantCulture, $"{account}-{day:yyyy-MM-dd}.{(isStatement ? "camt053" : "camt054")}.xml");
        return Results.File(Statements.Day(account, day, Booked(account), isStatement), Xml, name);
    }

    private IReadOnlyList<Movement> Booked(string? account) =>
        [.. ledger.Movements().Where(each => each.At <= clock.GetUtcNow() && (account is null || each.Iban == account))];

    private static object Told(Account account) =>
        new
        {
            iban = account.Iban,
            name = account.Name,
            paymentsAddress = account.Address,
        };

    private static object Told(Transfer transfer) =>
        new
        {
            number = transfer.Number,
            iban = transfer.Iban,
            name = transfer.Name,
            amount = Text(transfer.Amount),
            reference = transfer.Reference ?? transfer.Words,
            payer = transfer.Payer,
            payerAccount = transfer.PayerAccount,
            faults = transfer.Faults,
            movement = transfer.Movement,
            at = transfer.At,
        };

    private static string Text(decimal amount) => amount.ToString("0.00", CultureInfo.InvariantCulture);
}
