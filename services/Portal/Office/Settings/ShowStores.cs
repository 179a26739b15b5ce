using System.Text.Json.Nodes;
using RetailInvoicing.Portal.Doors;
using RetailInvoicing.Portal.Office.Sheets;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Portal.Office.Settings;

/// <summary>The seller's stores, and the number series that their invoices are in.</summary>
public sealed class ShowStores
{
    /// <summary>The page.</summary>
    public Task<IResult> HandleAsync(AskOffice office)
    {
        using var span = Telemetry.Source.StartActivity(nameof(ShowStores));
        return office.ShowAsync(SheetAsync);
    }

    /// <summary>Adds a store, or changes it.</summary>
    public Task<IResult> SaveAsync(AskOffice office, Form form) =>
        office.ActAsync(
            form,
            async _ =>
            {
                var seller = await ShowSeller.SellerAsync(office);
                if (seller.Refused(out var fault))
                {
                    return fault;
                }

                var id = (form["storeId"] ?? "").Trim();
                var body = SellerSettings.Kept(seller.Value);
                var store = new JsonObject { ["storeId"] = id };
                SellerSettings.Put(store, "timeZone", form["timeZone"]);
                if (SellerSettings.AddressOf(name => form[name]) is { } address)
                {
                    store["address"] = address;
                }

                var stores = new JsonArray();
                foreach (var other in seller.Value.List("stores").Where(other => other.Text("storeId") != id))
                {
                    stores.Add(other.DeepClone());
                }

                stores.Add((JsonNode)store);
                body["stores"] = stores;
                return await ShowSeller.PutAsync(office, body, "/settings/stores");
            },
            SheetAsync
        );

    private static async Task<Outcome<Sheet>> SheetAsync(AskOffice office)
    {
        var answer = await ShowSeller.SellerAsync(office);
        if (answer.Refused(out var fault))
        {
            return fault;
        }

        var series = await office.GetAsync("invoicing", $"/v1/sellers/{office.Seller}/series");
        var stores = answer.Value.List("stores");
        var id = office.Asked("store");
        var chosen = stores.FirstOrDefault(store => store.Text("storeId") == id);
        return new Sheet(
            office.Say("Tiendas y series", "Stores and series"),
            SettingsWords.Section,
            [
                new TablePart(
                    office.Say("Tiendas", "Stores"),
                    [new(office.Say("Tienda", "Store")), new(office.Say("Dirección", "Address")), new(office.Say("Zona", "Zone"))],
                    [
                        .. stores.Select(store => new SheetRow([
                            new SheetCell(store.Text("storeId") ?? "")
                            {
                                Href = office.Link("/settings/stores", ("store", store.Text("storeId"))),
                            },
                            new SheetCell(
                                string.Join(
                                    ", ",
                                    new[] { "line1", "postalCode", "city" }
                                        .Select(part => store.Text($"address.{part}"))
                                        .Where(part => !string.IsNullOrEmpty(part))
                                )
                            ),
                            new SheetCell(store.Text("timeZone") ?? answer.Value.Text("timeZone") ?? ""),
                        ])),
                    ],
                    office.Say(
                        "Ninguna todavía. Una tienda que vende sin estar aquí también vale, en tu zona horaria.",
                        "None yet. A store that sells without being here holds too, in your time zone."
                    )
                ),
                new FormsPart(
                    chosen is null ? office.Say("Otra tienda", "Another store") : office.Say($"Tienda {id}", $"Store {id}"),
                    [
                        new SheetForm(
                            office.Link("/settings/stores"),
                            office.Say("Guardar la tienda", "Save the store"),
                            [
                                new SheetField("storeId", office.Say("Código", "Code")) { Value = chosen.Text("storeId") ?? "" },
                                new SheetField("timeZone", office.Say("Zona horaria", "Time zone"))
                                {
                                    Optional = true,
                                    Value = chosen.Text("timeZone") ?? "",
                                },
                                .. SellerSettings.Address(office, chosen.At("address"), office.Say("Dirección", "Address")),
                            ]
                        ),
                    ]
                ),
                .. series.Fault is null ? [Series(office, series.Value)] : Array.Empty<SheetPart>(),
            ]
        )
        {
            Lead = office.Say(
                "Las series nacen con la primera factura de cada tienda, clase y año: F completas, T tickets, R rectificativas.",
                "Series begin with the first invoice of each store, kind and year: F full, T tickets, R corrective."
            ),
            Tabs = SettingsWords.Tabs(office, "stores"),
        };
    }

    private static TablePart Series(AskOffice office, JsonNode series) =>
        new(
            office.Say("Series en uso", "Series in use"),
            [
                new(office.Say("Serie", "Series")),
                new(office.Say("Tienda", "Store")),
                new(office.Say("Último número", "Last number"), Figure: true),
            ],
            [
                .. series
                    .List("series")
                    .Select(each => new SheetRow([
                        new SheetCell(each.Text("series") ?? "")
                        {
                            Small = each.Text("environment") == "test" ? office.Words.TestEnvironment : null,
                        },
                        new SheetCell(each.Text("storeId") ?? "") { Small = each.Text("year") },
                        new SheetCell(office.Words.Count(each.Count("last"))),
                    ])),
            ],
            office.Say("Aún no se ha emitido ninguna factura.", "No invoice has been issued yet.")
        );
}
