using RetailInvoicing.Invoicing.En16931.Xml;

namespace RetailInvoicing.Invoicing.En16931.Peppol;

/// <summary>Which signs some amounts have.</summary>
internal struct Signs
{
    /// <summary>Whether one is negative.</summary>
    public bool AnyNegative { get; private set; }

    /// <summary>Whether one is zero.</summary>
    public bool AnyZero { get; private set; }

    /// <summary>Whether one is positive.</summary>
    public bool AnyPositive { get; private set; }

    /// <summary>Whether one is not positive.</summary>
    public readonly bool IsAnyAtMostZero => AnyNegative || AnyZero;

    /// <summary>Whether one is not negative.</summary>
    public readonly bool IsAnyAtLeastZero => AnyZero || AnyPositive;

    /// <summary>Counts an amount, where it belongs to them.</summary>
    public void Add(Node amount, bool belongs)
    {
        if (belongs)
        {
            var number = XPath.Number(amount.Text);
            AnyNegative |= number < 0;
            AnyZero |= number == 0;
            AnyPositive |= number > 0;
        }
    }
}
