using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Collections.Timing;

/// <summary>Reads what came of messages to these customers and to all of their sellers' customers, in one statement a batch.</summary>
public static class LoadAnswers
{
    // The seller's own row has no customer.
    private const string Answers = """
        select wanted.seller_id, wanted.customer_key, own.sent, own.answered, every.sent as seller_sent, every.answered as seller_answered
        from unnest(@sellers::text[], @customers::text[]) as wanted (seller_id, customer_key)
        left join answer_habit own on own.seller_id = wanted.seller_id and own.customer_key = wanted.customer_key
        left join answer_habit every on every.seller_id = wanted.seller_id and every.customer_key = ''
        """;

    /// <summary>The habits of these customers; every one of them is in the answer.</summary>
    public static async Task<IReadOnlyDictionary<(SellerId Seller, string CustomerKey), AnswerHabit>> OfAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction? transaction,
        IReadOnlyCollection<(SellerId Seller, string CustomerKey)> customers,
        CancellationToken cancellationToken
    )
    {
        var distinct = customers.Distinct().ToArray();
        var rows = await connection.QueryAsync<Row>(
            new CommandDefinition(
                Answers,
                new
                {
                    sellers = distinct.Select(each => each.Seller.Value).ToArray(),
                    customers = distinct.Select(each => each.CustomerKey).ToArray(),
                },
                transaction,
                cancellationToken: cancellationToken
            )
        );
        return rows.ToDictionary(
            row => (row.SellerId, row.CustomerKey),
            row => new AnswerHabit
            {
                Sent = row.Sent ?? new float[AnswerHabit.Cells],
                Answered = row.Answered ?? new float[AnswerHabit.Cells],
                SellerSent = row.SellerSent ?? new float[AnswerHabit.Cells],
                SellerAnswered = row.SellerAnswered ?? new float[AnswerHabit.Cells],
            }
        );
    }

    private sealed record Row
    {
        public SellerId SellerId { get; init; }

        public string CustomerKey { get; init; } = "";

        public float[]? Sent { get; init; }

        public float[]? Answered { get; init; }

        public float[]? SellerSent { get; init; }

        public float[]? SellerAnswered { get; init; }
    }
}
