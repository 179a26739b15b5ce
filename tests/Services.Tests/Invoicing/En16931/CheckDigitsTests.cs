using RetailInvoicing.Invoicing.En16931.Peppol;

namespace RetailInvoicing.Services.Tests.Invoicing.En16931;

/// <summary>Numbers that identify parties, with good and bad check digits, and the oddities that the official rules have.</summary>
public sealed class CheckDigitsTests
{
    [Theory]
    [InlineData("7300010000001", true)]
    [InlineData("5790000435968", true)]
    [InlineData("96385074", true)]
    [InlineData("0", true)]
    [InlineData("1", false)]
    [InlineData("7300010000002", false)]
    [InlineData("730001000000l", false)]
    [InlineData("", false)]
    public void A_GLN_ends_in_the_check_digit_of_GS1_whatever_its_length(string number, bool isOne) =>
        Assert.Equal(isOne, CheckDigits.IsGln(number));

    [Theory]
    [InlineData("991825827", true)]
    [InlineData("974760673", true)]
    [InlineData("991825828", false)]
    [InlineData("000000000", false)]
    [InlineData("99182582", false)]
    [InlineData("9918258270", false)]
    [InlineData("991 25827", false)]
    public void A_Norwegian_organisation_number_has_nine_digits_modulo_11(string number, bool isOne) =>
        Assert.Equal(isOne, CheckDigits.IsNorwegian(number));

    [Theory]
    [InlineData("0202239951", true)]
    [InlineData("0671516647", true)]
    [InlineData("0202239952", false)]
    [InlineData("202239951", false)]
    [InlineData("BE02022399", false)]
    public void A_Belgian_enterprise_number_has_ten_digits_modulo_97(string number, bool isOne) =>
        Assert.Equal(isOne, CheckDigits.IsBelgian(number));

    [Theory]
    [InlineData("12345678", true)]
    [InlineData("DK12345678", true)]
    [InlineData("dk12345678", false)]
    [InlineData("DK1234567", false)]
    [InlineData(" 12345678", false)]
    [InlineData("1234567A", false)]
    public void A_Danish_company_number_has_eight_digits_with_or_without_DK(string number, bool isOne) =>
        Assert.Equal(isOne, CheckDigits.IsDanish(number));

    [Theory]
    [InlineData("UFUF9T", true)]
    [InlineData("abc123", true)]
    [InlineData("UFUF9", false)]
    [InlineData("UFUF9TT", false)]
    [InlineData("UFÜF9T", false)]
    public void An_IPA_code_has_six_letters_or_digits(string code, bool isOne) => Assert.Equal(isOne, CheckDigits.IsIpaCode(code));

    [Theory]
    [InlineData("RSSMRA85T10A562S", true)]
    [InlineData("rssmra85t10a562s", true)]
    [InlineData("RSSMRA85T10A5😀2S", true)]
    [InlineData("RSSMRA+5T10A562S", true)]
    [InlineData("12345678901", true)]
    [InlineData("+1234567890", true)]
    [InlineData("RSSMRA85T10A562", false)]
    [InlineData("RSSMR185T10A562S", false)]
    [InlineData("RSSMRA8XT10A562S", false)]
    [InlineData("RSSMRA85T10A56XS", false)]
    [InlineData("RSSMRA85T10A5621", false)]
    [InlineData("1234567890A", false)]
    [InlineData("1234567890", false)]
    [InlineData("", false)]
    public void An_Italian_tax_code_has_the_form_of_a_persons_or_a_companys(string code, bool isOne) =>
        Assert.Equal(isOne, CheckDigits.IsItalianTaxCode(code));

    [Theory]
    [InlineData("IT00743110157", true)]
    [InlineData("it00743110157", true)]
    [InlineData("DE123", true)]
    [InlineData("It1", true)]
    [InlineData("", true)]
    [InlineData("IT00743110158", false)]
    [InlineData("IT0074311015", false)]
    [InlineData("IT0074311015X", false)]
    [InlineData("IT+0743110157", false)]
    public void An_Italian_VAT_number_has_eleven_digits_of_Luhns_kind_and_others_are_let_pass(string number, bool isOne) =>
        Assert.Equal(isOne, CheckDigits.IsItalianVat(number));

    [Theory]
    [InlineData("5560360793", true)]
    [InlineData("2021005026", true)]
    [InlineData("55603607931", true)]
    [InlineData("5560360794", false)]
    [InlineData("556036079", false)]
    [InlineData("556036-0793", false)]
    [InlineData("٥٥٦٠٣٦٠٧٩٣", false)]
    public void A_Swedish_organisation_numbers_tenth_digit_is_Luhns(string number, bool isOne) =>
        Assert.Equal(isOne, CheckDigits.IsSwedish(number));

    [Theory]
    [InlineData("51824753556", true)]
    [InlineData("53004085616", true)]
    [InlineData("530040856161", true)]
    [InlineData("51824753557", false)]
    [InlineData("5182475355", false)]
    [InlineData("", false)]
    public void An_Australian_business_number_keeps_its_sum_of_89(string number, bool isOne) =>
        Assert.Equal(isOne, CheckDigits.IsAustralian(number));

    [Theory]
    [InlineData("094259216", true)]
    [InlineData("090000045", true)]
    [InlineData("000000000", true)]
    [InlineData("0942592160", true)]
    [InlineData("094259217", false)]
    [InlineData("09425921", false)]
    [InlineData("09425921X", false)]
    [InlineData("X94259216", false)]
    public void A_Greek_tax_numbers_ninth_digit_is_by_powers_of_two(string number, bool isOne) =>
        Assert.Equal(isOne, CheckDigits.IsGreek(number));

    [Theory]
    [InlineData("DE89370400440532013000", true)]
    [InlineData("DE89 3704 0044 0532\n0130 00", true)]
    [InlineData("ES9121000418450200051332", true)]
    [InlineData("GB82WEST12345698765432", true)]
    [InlineData("DE88370400440532013000", false)]
    [InlineData("de89370400440532013000", false)]
    [InlineData("DEX9370400440532013000", false)]
    [InlineData("DE8937040044053201300000000000000000", false)]
    [InlineData("DE89-3704", false)]
    [InlineData("DE", false)]
    [InlineData("", false)]
    public void An_IBAN_leaves_1_of_97_blanks_in_it_apart(string account, bool isOne) => Assert.Equal(isOne, CheckDigits.IsIban(account));
}
