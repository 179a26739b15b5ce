using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.SignIn;

/// <summary>The form that asks for a link: where it leads afterwards, what was typed, what is wrong with it.</summary>
public sealed record SignInModel(string Next, string? Typed = null, Fault? Wrong = null);

/// <summary>A link that can be confirmed, and the address it signs in.</summary>
public sealed record ConfirmModel(string Token, string Email);

/// <summary>What was asked for is on its way, if there is anything to send.</summary>
public sealed record SentModel(int Minutes);
