using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.SignIn;

/// <summary>Someone who proved an e-mail address; what that address may see is asked of the other services each time.</summary>
public sealed record Visitor(string Email) : IBindableFromHttpContext<Visitor>
{
    private static readonly object Key = new();

    /// <summary>The session that he came with; it opens nothing.</summary>
    public Guid SessionId { get; init; }

    /// <summary>On whose behalf the customer's pages ask.</summary>
    public OnBehalfOf AsCustomer => OnBehalfOf.Customer(Email);

    /// <summary>The visitor of a page that wants one.</summary>
    public static ValueTask<Visitor?> BindAsync(HttpContext context, System.Reflection.ParameterInfo parameter) => new(Of(context));

    /// <summary>The visitor, where someone is signed in.</summary>
    public static Visitor? Of(HttpContext context) => context.Items[Key] as Visitor;

    internal static void Set(HttpContext context, Visitor visitor) => context.Items[Key] = visitor;
}

/// <summary>The page is for who is signed in; others are asked to sign in first and then come back to it.</summary>
public sealed class NeedsSignIn;

/// <summary>The address is a picture or a style: nobody is looked up for it.</summary>
public sealed class NeedsNobody;
