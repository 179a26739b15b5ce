namespace RetailInvoicing.Retail.Running;

/// <summary>What AppHost tells the steps that it runs, by their environment.</summary>
internal static class Given
{
    /// <summary>A variable without which the step cannot work.</summary>
    public static string Needed(string variable) =>
        Maybe(variable) ?? throw new CommandFailed($"The environment lacks {variable}; ./run sets it.");

    /// <summary>A variable that may be absent or empty.</summary>
    public static string? Maybe(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : null;
}
