using System.Text.RegularExpressions;
using RetailInvoicing.Invoicing.Fiscal.Verifactu;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Invoicing.Records;

/// <summary>The producer's declaration has the items of the order, in its words.</summary>
public sealed partial class ResponsibleDeclarationTests
{
    private static readonly DeclaredSystem Declared = new()
    {
        System = new InvoicingSystem
        {
            ProducerName = "EmpresaProductoraEjemplo S. A.",
            ProducerNif = "A999n999Z",
            Name = "FactuEJEMPLO_AEAT Enterprise Edition",
            Id = "F1",
            Version = "1.1.5 SP1",
            Installation = "01",
        },
        Address = ["Calle Mayor, Nº 999 BIS – 9 º H.", "30201 – Cartagena (Murcia).", "España."],
        Description = "Un software <que> permite facturar.",
        DescriptionInEnglish = "Software to invoice with.",
        SignedOn = new(2025, 5, 17),
        SignedAt = "Cartagena (Murcia) – España",
        Contacts = ["Teléfono: 9685nnnn1"],
        Links = ["https://www.empresaproductoraejemplo.es/"],
        Compliance = "Transacciones de la base de datos.",
    };

    [Fact]
    public void Its_items_are_those_of_the_official_example_in_their_order_and_words()
    {
        var example = Words(File.ReadAllText(Repository.Shared("compliance/verifactu/docs/AEAT-declaracion-responsable-ejemplo.txt")));
        var declaration = ResponsibleDeclaration.For(Declared);

        Assert.Equal("abcdefghijkl".Select(letter => $"1.{letter}"), declaration.Items.Select(item => item.Letter));
        Assert.Equal(["2.a", "2.b", "2.c", "2.d"], declaration.Annex.Select(item => item.Letter));
        Assert.Contains(Words(ResponsibleDeclaration.Title), example, StringComparison.Ordinal);
        foreach (var item in declaration.Items.Concat(declaration.Annex.SkipLast(1)))
        {
            Assert.Contains(Words(item.Title), example, StringComparison.Ordinal);
        }

        foreach (var letter in new[] { "1.a", "1.b", "1.c", "1.e", "1.f", "1.h", "1.i", "1.j", "1.k" })
        {
            Assert.Contains(Words(declaration.Items.Single(item => item.Letter == letter).Text), example, StringComparison.Ordinal);
        }

        foreach (var line in declaration.Items[^1].Text.Split('\n'))
        {
            Assert.Contains(Words(line), example, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void It_is_a_page_and_a_text_in_Spanish_with_an_aid_in_English()
    {
        var declaration = ResponsibleDeclaration.For(Declared);

        var html = declaration.ToHtml();
        Assert.Contains("<html lang=\"es\">", html, StringComparison.Ordinal);
        Assert.Contains("Un software &lt;que&gt; permite facturar.", html, StringComparison.Ordinal);
        Assert.Contains("<p lang=\"en\">Whether it can work as VERI*FACTU only: Yes</p>", html, StringComparison.Ordinal);
        Assert.StartsWith(
            $"{ResponsibleDeclaration.Title}\n\n1.a) Nombre del sistema",
            declaration.ToPlainText(),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "1.j) Postal address of its producer:\nCalle Mayor",
            declaration.ToPlainText(inEnglish: true),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_person_and_a_system_that_signs_say_so()
    {
        var declaration = ResponsibleDeclaration.For(
            Declared with
            {
                IsPerson = true,
                System = Declared.System with { OnlyVerifactu = false, SeveralTaxpayersPossible = false },
            }
        );

        Assert.StartsWith("Nombre y apellidos de la persona productora", declaration.Items[7].Title, StringComparison.Ordinal);
        Assert.Equal(("N - No", "N - No"), (declaration.Items[4].Text, declaration.Items[5].Text));
        Assert.Contains("XAdES", declaration.Items[6].Text, StringComparison.Ordinal);
    }

    private static string Words(string text) => Space().Replace(text, "").ToUpperInvariant();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
