namespace RetailInvoicing.Simulators.TaxAgency;

/// <summary>What the environment tells the simulator (TaxAgency__Authority, TaxAgency__Schemas, TaxAgency__Data, …).</summary>
internal sealed record Options
{
    /// <summary>The file that the certificate of the simulator's authority is written to, as PEM; none is where nothing is said.</summary>
    public string? Authority { get; init; }

    /// <summary>The folder with the agency's schemas and codes.</summary>
    public string? Schemas { get; init; }

    /// <summary>The folder that the journal and the authority are kept in.</summary>
    public string? Data { get; init; }

    /// <summary>TiempoEsperaEnvio at the first start.</summary>
    public int WaitSeconds { get; init; } = 60;

    /// <summary>From which faults are drawn.</summary>
    public int Seed { get; init; }

    /// <summary>The folder named, or the one beside the repository that the program lies in; null where there is none.</summary>
    public string? FindSchemas()
    {
        if (Schemas is { Length: > 0 })
        {
            return Directory.Exists(Schemas) ? Schemas : null;
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var beside = Path.Combine(folder.FullName, "..", "shared", "data", "compliance", "verifactu");
            if (File.Exists(Path.Combine(folder.FullName, "RetailInvoicing.sln")) && Directory.Exists(beside))
            {
                return Path.GetFullPath(beside);
            }
        }

        return null;
    }
}
