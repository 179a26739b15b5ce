using System.Globalization;
using System.Text.Json;
using Grpc.Core;
using RetailInvoicing.Collections.Acts;
using RetailInvoicing.Collections.Disputes;
using RetailInvoicing.Collections.Dunning;
using RetailInvoicing.Collections.Promises;
using RetailInvoicing.Collections.Worklist;
using RetailInvoicing.Collections.WriteOffs;
using RetailInvoicing.ServiceDefaults;
using Rpc = RetailInvoicing.Contracts.Grpc.Collections;

namespace RetailInvoicing.Collections;

/// <content>What is done about receivables, by staff and by customers.</content>
public sealed partial class CollectionsRpc
{
    /// <summary>The use cases behind it.</summary>
    public sealed record Slices(
        MakePromise MakePromise,
        RaiseDispute RaiseDispute,
        ResolveDispute ResolveDispute,
        HoldReceivable HoldReceivable,
        HoldCustomer HoldCustomer,
        ReleaseHold ReleaseHold,
        AskWriteOff AskWriteOff,
        ApproveWriteOff ApproveWriteOff,
        RecordAct RecordAct,
        ListActs ListActs,
        GetWorklist GetWorklist
    );

    /// <summary>A customer gives its word, or staff writes down that it did.</summary>
    public override async Task<Rpc.Promise> MakePromise(Rpc.PromiseRequest request, ServerCallContext context)
    {
        var asked = new PromiseRequest
        {
            Date = Day("date", request.Date),
            Amount = request.HasAmount ? Amount(request.Amount) : null,
            Why = request.HasWhy ? request.Why : null,
        };
        var made = (await slices.MakePromise.RunAsync(Actor(context), request.InvoiceId, asked, context.CancellationToken)).OrRpcFault();
        return new Rpc.Promise
        {
            PromiseId = made.PromiseId.ToString(),
            InvoiceId = made.InvoiceId.ToString(),
            Date = Text(made.Date),
            Currency = made.Currency.Code,
            Amount = Text(made.Amount),
            Standing = made.Standing,
        };
    }

    /// <summary>A customer says that it does not owe something, or staff writes down that it did.</summary>
    public override async Task<Rpc.Dispute> RaiseDispute(Rpc.DisputeRequest request, ServerCallContext context)
    {
        var asked = new DisputeRequest
        {
            LineId = request.HasLineId ? request.LineId : null,
            Amount = request.HasAmount ? Amount(request.Amount) : null,
            Reason = request.Reason,
        };
        return Told((await slices.RaiseDispute.RunAsync(Actor(context), request.InvoiceId, asked, context.CancellationToken)).OrRpcFault());
    }

    /// <summary>Staff ends a dispute.</summary>
    public override async Task<Rpc.Dispute> ResolveDispute(Rpc.DisputeResolution request, ServerCallContext context)
    {
        var asked = new DisputeResolution { Outcome = request.Outcome, Why = request.Why };
        var resolved = await slices.ResolveDispute.RunAsync(
            Actor(context),
            request.InvoiceId,
            request.DisputeId,
            asked,
            context.CancellationToken
        );
        return Told(resolved.OrRpcFault());
    }

    /// <summary>Staff keeps an invoice or a customer from being reminded.</summary>
    public override async Task<Rpc.Hold> PlaceHold(Rpc.HoldRequest request, ServerCallContext context)
    {
        var asked = new HoldRequest { Reason = request.Reason, Until = request.HasUntil ? Day("until", request.Until) : null };
        var hold = request.HasInvoiceId
            ? await slices.HoldReceivable.RunAsync(Actor(context), request.InvoiceId, asked, context.CancellationToken)
            : await slices.HoldCustomer.RunAsync(Actor(context), request.CustomerKey, asked, context.CancellationToken);
        return new Rpc.Hold { HoldId = hold.OrRpcFault().HoldId.ToString(), State = "standing" };
    }

    /// <summary>Staff lets an invoice or a customer be reminded again.</summary>
    public override async Task<Rpc.Hold> ReleaseHold(Rpc.HoldRelease request, ServerCallContext context)
    {
        var which = new HoldOf(
            request.HoldId,
            request.HasInvoiceId ? request.InvoiceId : null,
            request.HasInvoiceId ? null : request.CustomerKey
        );
        var why = request.HasWhy ? request.Why : null;
        var released = (await slices.ReleaseHold.RunAsync(Actor(context), which, why, context.CancellationToken)).OrRpcFault();
        return new Rpc.Hold { HoldId = released.HoldId.ToString(), State = "released" };
    }

    /// <summary>Staff asks to give up on what is due.</summary>
    public override async Task<Rpc.WriteOff> AskWriteOff(Rpc.WriteOffAsked request, ServerCallContext context)
    {
        var asked = new WriteOffAsked { Amount = request.HasAmount ? Amount(request.Amount) : null, Reason = request.Reason };
        return Told((await slices.AskWriteOff.RunAsync(Actor(context), request.InvoiceId, asked, context.CancellationToken)).OrRpcFault());
    }

    /// <summary>Another member of staff decides.</summary>
    public override async Task<Rpc.WriteOff> DecideWriteOff(Rpc.WriteOffDecision request, ServerCallContext context)
    {
        var decided = await slices.ApproveWriteOff.RunAsync(
            Actor(context),
            request.InvoiceId,
            request.WriteOffId,
            request.Approved,
            new WriteOffDecision { Why = request.HasWhy ? request.Why : null },
            context.CancellationToken
        );
        return Told(decided.OrRpcFault());
    }

    /// <summary>Staff says what it did.</summary>
    public override async Task<Rpc.Act> RecordAct(Rpc.ActRequest request, ServerCallContext context)
    {
        var actor = Actor(context);
        var asked = new ActRequest { Kind = request.Kind, Why = request.Why };
        var done = (await slices.RecordAct.RunAsync(actor, request.InvoiceId, asked, context.CancellationToken)).OrRpcFault();
        return new Rpc.Act
        {
            ActId = done.ActId.ToString(),
            At = Text(done.At),
            ByKind = "staff",
            By = actor.Name,
            Kind = done.Kind,
            InvoiceId = done.InvoiceId.ToString(),
            Why = done.Why,
        };
    }

    /// <summary>Who did what, the latest first.</summary>
    public override async Task<Rpc.ActPage> Acts(Rpc.ListActs request, ServerCallContext context)
    {
        var filter = new ActFilter
        {
            InvoiceId = request.HasInvoiceId ? request.InvoiceId : null,
            CustomerId = request.HasCustomerKey ? request.CustomerKey : null,
            Cursor = request.HasCursor ? request.Cursor : null,
            Limit = request.Limit == 0 ? null : request.Limit,
        };
        var page = (await slices.ListActs.RunAsync(Seller(context), filter, context.CancellationToken)).OrRpcFault();
        var reply = new Rpc.ActPage();
        if (page.NextCursor is not null)
        {
            reply.NextCursor = page.NextCursor;
        }

        reply.Acts.Add(page.Items.Select(Told));
        return reply;
    }

    /// <summary>Whom to turn to first.</summary>
    [HeldToStores]
    public override async Task<Rpc.WorklistReply> Worklist(Rpc.GetWorklist request, ServerCallContext context)
    {
        var query = new WorklistQuery
        {
            Limit = request.Limit == 0 ? null : request.Limit,
            Strategy = request.HasStrategy ? request.Strategy : null,
            Currency = request.HasCurrency ? request.Currency : null,
        };
        var language = request.HasLanguage ? request.Language : null;
        var stores = RpcCaller.Of(context).Behalf.StoresOrAll;
        var body = (await slices.GetWorklist.RunAsync(Seller(context), query, language, stores, context.CancellationToken)).OrRpcFault();
        var reply = new Rpc.WorklistReply
        {
            AsOf = Text(body.AsOf),
            Strategy = body.Strategy,
            InFlightKnown = body.InFlightKnown,
        };
        if (body.Currency is { } currency)
        {
            reply.Currency = currency.Code;
        }

        reply.OtherCurrencies.Add(body.OtherCurrencies.Select(each => each.Code));
        reply.Rows.Add(body.Rows.Select(Told));
        return reply;
    }

    private static Rpc.WorklistRow Told(WorklistRow row)
    {
        var told = new Rpc.WorklistRow
        {
            Rank = row.Rank,
            Amount = Text(row.Amount),
            ExpectedGain = Text(row.ExpectedGain),
        };
        if (row.CustomerId is { } customer)
        {
            told.CustomerId = customer.Value;
        }

        if (row.CustomerName is { } name)
        {
            told.CustomerName = name;
        }

        if (row.Email is { } email)
        {
            told.Email = email;
        }

        if (row.Phone is { } phone)
        {
            told.Phone = phone;
        }

        if (row.SuggestedAct is { } act)
        {
            told.SuggestedAct = JsonNamingPolicy.KebabCaseLower.ConvertName(act.ToString());
        }

        told.Reasons.Add(row.Reasons.Select(reason => new Rpc.WorklistReason { Code = reason.Code, Text = reason.Text }));
        told.Items.Add(
            row.Items.Select(item => new Rpc.WorklistItem
            {
                InvoiceId = item.InvoiceId.ToString(),
                Number = item.Number,
                DueDate = Text(item.DueDate),
                DaysOverdue = item.DaysOverdue,
                AmountDue = Text(item.AmountDue),
                Workable = Text(item.Workable),
            })
        );
        return told;
    }

    private static Rpc.Dispute Told(DisputeBody dispute)
    {
        var told = new Rpc.Dispute
        {
            DisputeId = dispute.DisputeId.ToString(),
            InvoiceId = dispute.InvoiceId.ToString(),
            Currency = dispute.Currency.Code,
            Amount = Text(dispute.Amount),
            Reason = dispute.Reason,
            RaisedAt = Text(dispute.RaisedAt),
        };
        if (dispute.LineId is { } line)
        {
            told.LineId = line;
        }

        if (dispute.Outcome is { } outcome)
        {
            told.Outcome = outcome;
        }

        return told;
    }

    private static Rpc.WriteOff Told(WriteOffBody body)
    {
        var told = new Rpc.WriteOff
        {
            WriteOffId = body.WriteOffId.ToString(),
            InvoiceId = body.InvoiceId.ToString(),
            Currency = body.Currency.Code,
            Amount = Text(body.Amount),
            State = body.State,
            AskedBy = body.AskedBy,
        };
        if (body.DecidedBy is { } by)
        {
            told.DecidedBy = by;
        }

        return told;
    }

    private static Rpc.Act Told(ActBody act)
    {
        var told = new Rpc.Act
        {
            ActId = act.ActId.ToString(),
            At = Text(act.At),
            ByKind = act.ByKind,
            By = act.By,
            Kind = act.Kind,
        };
        if (act.InvoiceId is { } invoice)
        {
            told.InvoiceId = invoice.ToString();
        }

        if (act.CustomerKey is { } customer)
        {
            told.CustomerKey = customer;
        }

        if (act.Why is { } why)
        {
            told.Why = why;
        }

        return told;
    }

    private static Actor Actor(ServerCallContext context) => Collections.Acts.Actor.Of(RpcCaller.Of(context));

    private static DateOnly Day(string name, string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day
            : throw DoorFaults.BadParameter.With(name, text).ToRpc();

    private static decimal Amount(string text) =>
        text.Length <= 30 && decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount)
            ? amount
            : throw DoorFaults.BadParameter.With("amount", text).ToRpc();
}
