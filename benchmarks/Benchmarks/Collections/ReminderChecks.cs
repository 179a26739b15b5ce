using System.Globalization;
using RetailInvoicing.Contracts.Grpc.Delivery;

namespace RetailInvoicing.Benchmarks.Collections;

/// <summary>What was found wrong, by kind, with some of each.</summary>
internal sealed class Violations
{
    private const int Examples = 5;

    private readonly Dictionary<string, List<string>> _examples = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);

    public void Add(string kind, string what)
    {
        _counts[kind] = Of(kind) + 1;
        if (!_examples.TryGetValue(kind, out var examples))
        {
            _examples[kind] = examples = [];
        }

        if (examples.Count < Examples)
        {
            examples.Add(what);
        }
    }

    public int Of(string kind) => _counts.GetValueOrDefault(kind);

    public int All => _counts.Values.Sum();

    public override string ToString() => string.Join('\n', _examples.SelectMany(each => each.Value.Select(what => $"{each.Key}: {what}")));
}

/// <summary>
/// Looks at every message and at what was not sent, by the truth and by the rules as a person reads them. Nothing of the service's own code
/// of when what is due is used here, nor its zones and holidays.
/// </summary>
internal sealed class ReminderChecks(ReminderWorld world, Func<DateTimeOffset> now)
{
    /// <summary>Sent twice by one channel, or by another without having come back.</summary>
    public const string Repeated = "repeated";

    /// <summary>Sent although nothing was due.</summary>
    public const string Paid = "paid";

    /// <summary>Sent although something was under way.</summary>
    public const string InFlight = "in-flight";

    /// <summary>Sent although held, promised or wholly disputed.</summary>
    public const string Stopped = "stopped";

    /// <summary>Not sent although nothing stood in the way.</summary>
    public const string Missed = "missed";

    /// <summary>Sent outside the customer's hours, before its time, or to an address that came back.</summary>
    public const string Hours = "hours";

    /// <summary>More than the cap.</summary>
    public const string Cap = "cap";

    /// <summary>Another amount than is due and not disputed.</summary>
    public const string Amount = "amount";

    // A message that waits for another service is looked at again within the hour.
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(61);

    private readonly Dictionary<string, RemindedInvoice> _invoices = world.Invoices.ToDictionary(invoice => invoice.Id.ToString());
    private readonly Dictionary<int, List<DateTimeOffset>> _messages = [];
    private readonly HashSet<int> _bounced = [];
    private readonly Dictionary<string, (string Step, DateTimeOffset Since)> _waiting = new(StringComparer.Ordinal);
    private readonly HashSet<(string, string)> _toldMissed = [];

    public Violations Found { get; } = new();

    /// <summary>Steps that went, each once.</summary>
    public int Steps { get; private set; }

    /// <summary>Messages that tell of more than one invoice.</summary>
    public int Consolidated { get; private set; }

    /// <summary>The invoice of an id.</summary>
    public RemindedInvoice Of(string id) => _invoices[id];

    /// <summary>A message is taken by Delivery.</summary>
    public void Sent(Notice notice)
    {
        var at = now();
        var first = _invoices[notice.Items[0].InvoiceId];
        var customer = first.Customer;
        var policy = customer.Policy;
        var channel = notice.Channel.Length == 0 ? "email" : notice.Channel;
        var local = customer.Zone.Local(at);
        if (!policy.Allows(channel, local, customer.Zone))
        {
            Found.Add(Hours, Of(first, at, $"{channel} at {local:yyyy-MM-dd HH:mm} {customer.Zone.Iana}"));
        }

        var recipient = channel == "email" ? customer.Email : customer.Phone;
        if ((channel == "email" ? notice.Email : notice.Phone) != recipient || (channel == "email" && _bounced.Contains(customer.Index)))
        {
            Found.Add(Hours, Of(first, at, $"to {notice.Email}{notice.Phone} by {channel}"));
        }

        if (!_messages.TryGetValue(customer.Index, out var messages))
        {
            _messages[customer.Index] = messages = [];
        }

        messages.Add(at);
        if (messages.Count(each => each > at.AddDays(-policy.CapDays)) > policy.CapMessages)
        {
            Found.Add(Cap, Of(first, at, $"{messages.Count} messages"));
        }

        Consolidated += notice.Items.Count > 1 ? 1 : 0;
        foreach (var item in notice.Items)
        {
            Look(_invoices[item.InvoiceId], item, channel, at);
        }

        var sum = notice.Items.Sum(item => Decimal(item.AmountDue));
        if (Decimal(notice.AmountDue) != sum)
        {
            Found.Add(Amount, Of(first, at, $"{notice.AmountDue} is not the sum {sum}"));
        }
    }

    /// <summary>A message is told to have come back: its steps may go another way, its address takes no more.</summary>
    public void CameBack(Notice notice)
    {
        var customer = _invoices[notice.Items[0].InvoiceId].Customer;
        _bounced.Add(customer.Index);
        foreach (var item in notice.Items)
        {
            _invoices[item.InvoiceId].CameBack.Add(item.Step);
        }
    }

    /// <summary>A run has ended and nothing was in its way: whatever was surely to be sent is sent, or has not waited for an hour.</summary>
    public void Ran(IEnumerable<RemindedInvoice> open)
    {
        var at = now();
        foreach (var invoice in open)
        {
            var id = invoice.Id.ToString();
            var step = SurelyDue(invoice, at);
            if (step is null)
            {
                _waiting.Remove(id);
            }
            else if (!_waiting.TryGetValue(id, out var waiting) || waiting.Step != step.Name)
            {
                _waiting[id] = (step.Name, at);
            }
            else if (at - waiting.Since >= Grace && _toldMissed.Add((id, step.Name)))
            {
                Found.Add(Missed, Of(invoice, at, $"step {step.Name} since {waiting.Since:u}"));
            }
        }
    }

    private void Look(RemindedInvoice invoice, NoticeItem item, string channel, DateTimeOffset at)
    {
        var (policy, zone) = (invoice.Customer.Policy, invoice.Customer.Zone);
        var index = Array.FindIndex(policy.Steps, each => each.Name == item.Step);
        var step = policy.Steps[index];
        if (!invoice.Went.TryGetValue(item.Step, out var channels))
        {
            invoice.Went[item.Step] = channels = [];
            Steps++;
        }
        else if (!invoice.CameBack.Remove(item.Step) || channels.Contains(channel))
        {
            Found.Add(Repeated, Of(invoice, at, $"{item.Step} by {channel} after {string.Join(',', channels)}"));
        }

        channels.Add(channel);
        var due = invoice.DueAt(at);
        if (due <= 0m)
        {
            Found.Add(Paid, Of(invoice, at, item.Step));
        }

        if (invoice.IsInFlight(at))
        {
            Found.Add(InFlight, Of(invoice, at, item.Step));
        }

        var disputed = invoice.DisputedAt(at);
        if (invoice.IsHeld(at) || invoice.IsPromised(at) || disputed >= due)
        {
            Found.Add(Stopped, Of(invoice, at, item.Step));
        }

        if (Decimal(item.AmountDue) != due - disputed)
        {
            Found.Add(Amount, Of(invoice, at, $"{item.AmountDue}, not {due - disputed}"));
        }

        var earliest = zone.Earliest(invoice.DueDate.AddDays(step.OffsetDays), step.At);
        var lastDay = LastDay(invoice, step, channel).AddDays(step.Skip ? 0 : step.CatchUpDays);
        if (at < earliest || !step.Channels.Contains(channel))
        {
            Found.Add(Hours, Of(invoice, at, $"{item.Step} is due at {earliest:u}"));
        }

        // A step that waited for something else may go later; one that is to be skipped has its day alone.
        if (step.Skip && zone.Day(at) > lastDay)
        {
            Found.Add(Hours, Of(invoice, at, $"{item.Step} is to be skipped after {lastDay:yyyy-MM-dd}"));
        }

        if (policy.Steps.Skip(index + 1).Any(later => invoice.Went.ContainsKey(later.Name)))
        {
            Found.Add(Repeated, Of(invoice, at, $"{item.Step} after a later step"));
        }
    }

    /// <summary>The latest step whose time has come, where nothing at all stands in its way; none where anything might.</summary>
    private StepRule? SurelyDue(RemindedInvoice invoice, DateTimeOffset at)
    {
        var (customer, policy) = (invoice.Customer, invoice.Customer.Policy);
        if (invoice.Untold > 0 || invoice.CameBack.Count > 0 || invoice.DueAt(at) <= 0m || invoice.IsInFlight(at))
        {
            return null;
        }

        if (invoice.IsHeld(at) || invoice.IsPromised(at) || invoice.DisputedAt(at) > 0m)
        {
            return null;
        }

        var (today, local) = (customer.Zone.Day(at), customer.Zone.Local(at));
        var arrived = Array.FindLastIndex(
            policy.Steps,
            step => customer.Zone.Earliest(invoice.DueDate.AddDays(step.OffsetDays), step.At) <= at
        );
        if (arrived < 0 || policy.Steps.Skip(arrived).Any(step => invoice.Went.ContainsKey(step.Name)))
        {
            return null;
        }

        var step = policy.Steps[arrived];
        var day = invoice.DueDate.AddDays(step.OffsetDays);
        var reaches = step.Channels.Where(channel =>
            channel == "email" ? customer.Email is not null && !customer.Bounces : customer.Phone is not null
        );
        return
            // What is to come is not said on the day or after it, nor of what was issued after the step's day.
            (step.OffsetDays < 0 && (today >= invoice.DueDate || day <= invoice.IssueDate))
            || today > day.AddDays(step.Skip ? 0 : step.CatchUpDays)
            || reaches.FirstOrDefault() is not { } channel
            || !policy.SurelyAllows(channel, local, customer.Zone)
            || MessagesWithin(customer, at) >= policy.CapMessages
            ? null
            : step;
    }

    /// <summary>The step's day, or the first after it on which the customer is written to.</summary>
    private static DateOnly LastDay(RemindedInvoice invoice, StepRule step, string channel)
    {
        var (zone, policy) = (invoice.Customer.Zone, invoice.Customer.Policy);
        var at = zone.Earliest(invoice.DueDate.AddDays(step.OffsetDays), step.At);
        // Any of its channels: the one that it went by may have been its second.
        while (!step.Channels.Append(channel).All(each => policy.SurelyAllows(each, zone.Local(at), zone)))
        {
            at = at.AddMinutes(30);
        }

        return zone.Day(at);
    }

    private int MessagesWithin(RemindedCustomer customer, DateTimeOffset at) =>
        _messages.GetValueOrDefault(customer.Index)?.Count(each => each >= at.AddDays(-customer.Policy.CapDays)) ?? 0;

    private static string Of(RemindedInvoice invoice, DateTimeOffset at, string what) =>
        $"{invoice.Number} of {invoice.Customer.Key} ({invoice.Customer.Policy.SellerId}), due {invoice.DueDate:yyyy-MM-dd}, at {at:u}: {what}";

    private static decimal Decimal(string text) => decimal.Parse(text, NumberStyles.Number, CultureInfo.InvariantCulture);
}
