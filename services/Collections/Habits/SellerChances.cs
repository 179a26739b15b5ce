namespace RetailInvoicing.Collections.Habits;

/// <summary>What a seller's whole history says of its customers, level by level: the seller, its businesses and consumers, a customer.</summary>
public sealed class SellerChances
{
    private readonly PaymentHazard _businesses;
    private readonly PaymentHazard _consumers;

    private SellerChances(PaymentHazard seller, PaymentHazard businesses, PaymentHazard consumers, Habit whole) =>
        (Seller, _businesses, _consumers, Whole) = (seller, businesses, consumers, whole);

    /// <summary>What is said where nothing was learned.</summary>
    public static readonly SellerChances Unknown = Of(Habit.None, Habit.None);

    /// <summary>The level of all customers together.</summary>
    public PaymentHazard Seller { get; }

    /// <summary>The sums of all customers together, without what is open.</summary>
    public Habit Whole { get; }

    /// <summary>The sums of the businesses, without what is open.</summary>
    public Habit Businesses { get; private init; } = Habit.None;

    /// <summary>The sums of the consumers, without what is open.</summary>
    public Habit Consumers { get; private init; } = Habit.None;

    /// <summary>How much the segment counts for a business.</summary>
    public double BusinessWeight { get; private init; } = PaymentHazard.CustomerWeight;

    /// <summary>How much the segment counts for a consumer.</summary>
    public double ConsumerWeight { get; private init; } = PaymentHazard.CustomerWeight;

    /// <summary>The levels of these sums; what is open adds days at risk.</summary>
    public static SellerChances Of(
        Habit businesses,
        Habit consumers,
        Habit? openOfBusinesses = null,
        Habit? openOfConsumers = null,
        double? businessWeight = null,
        double? consumerWeight = null
    )
    {
        var (ofBusinesses, ofConsumers) = (
            openOfBusinesses is null ? businesses : businesses.Plus(openOfBusinesses),
            openOfConsumers is null ? consumers : consumers.Plus(openOfConsumers)
        );
        var seller = PaymentHazard.Of(PaymentHazard.Prior, ofBusinesses.Plus(ofConsumers), PaymentHazard.SellerWeight);
        return new SellerChances(
            seller,
            PaymentHazard.Of(seller, ofBusinesses, PaymentHazard.SegmentWeight),
            PaymentHazard.Of(seller, ofConsumers, PaymentHazard.SegmentWeight),
            businesses.Plus(consumers)
        )
        {
            Businesses = businesses,
            Consumers = consumers,
            BusinessWeight = businessWeight ?? PaymentHazard.CustomerWeight,
            ConsumerWeight = consumerWeight ?? PaymentHazard.CustomerWeight,
        };
    }

    /// <summary>The level of the businesses or of the consumers.</summary>
    public PaymentHazard Segment(bool business) => business ? _businesses : _consumers;

    /// <summary>The sums of the businesses or of the consumers.</summary>
    public Habit SegmentSums(bool business) => business ? Businesses : Consumers;

    /// <summary>How much the segment counts for a customer of it.</summary>
    public double Weight(bool business) => business ? BusinessWeight : ConsumerWeight;

    /// <summary>A customer's chances, by what it paid and by what it has open.</summary>
    public PaymentHazard Customer(bool business, Habit customer, IEnumerable<Exposure>? open = null)
    {
        var segment = Segment(business);
        var settled = PaymentHazard.Of(segment, customer, Weight(business));
        if (open is null)
        {
            return settled;
        }

        var all = open.Aggregate(customer, (sums, exposure) => sums.With(exposure, settled));
        return ReferenceEquals(all, customer) ? settled : PaymentHazard.Of(segment, all, Weight(business));
    }
}
