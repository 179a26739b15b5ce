using RetailInvoicing.Contracts;

namespace RetailInvoicing.Portal.Office.Sheets;

/// <summary>An office page as it is read from top to bottom: what it is about, and its parts.</summary>
public sealed record Sheet(string Title, string Section, IReadOnlyList<SheetPart> Parts)
{
    /// <summary>A sentence under the heading.</summary>
    public string? Lead { get; init; }

    /// <summary>The pages beside this one.</summary>
    public IReadOnlyList<SheetLink> Tabs { get; init; } = [];

    /// <summary>What came of the last act, or why it was refused.</summary>
    public string? Notice { get; init; }

    /// <summary>Whether the notice is a refusal.</summary>
    public bool Refused { get; init; }

    /// <summary>What stands behind the addresses of the office's pages.</summary>
    public string Query { get; init; } = "";

    /// <summary>The role of who looks.</summary>
    public StaffRole? Role { get; init; }

    /// <summary>Whether a frame of ours stands on the page.</summary>
    public bool HasFrame => Parts.Any(part => part is FramePart);

    /// <summary>The page with what was typed into the form that was sent, so that a refusal loses nothing.</summary>
    public Sheet Typed(string action, Func<string, string?> typed, string? key = null) =>
        this with
        {
            Parts = [.. Parts.Select(part => part.WithForms(form => form.Action == action ? form.Typed(typed, key) : form))],
        };
}

/// <summary>A way to another page.</summary>
public sealed record SheetLink(string Text, string Href, bool Current = false);

/// <summary>A part of a page under its own heading.</summary>
public abstract record SheetPart(string Heading)
{
    /// <summary>The same part with other forms.</summary>
    public virtual SheetPart WithForms(Func<SheetForm, SheetForm> change) => this;
}

/// <summary>Facts by name.</summary>
public sealed record FactsPart(string Heading, IReadOnlyList<SheetFact> Facts) : SheetPart(Heading);

/// <summary>One fact.</summary>
public sealed record SheetFact(string Name, string Value, string? Href = null);

/// <summary>Ways out: files, and pages that go into it.</summary>
public sealed record LinksPart(string Heading, IReadOnlyList<SheetLink> Links) : SheetPart(Heading)
{
    /// <summary>A sentence before them.</summary>
    public string? Note { get; init; }
}

/// <summary>Sentences.</summary>
public sealed record TextPart(string Heading, IReadOnlyList<string> Sentences) : SheetPart(Heading);

/// <summary>Something that is shown once and copied, as a key is.</summary>
public sealed record SecretPart(string Heading, string Secret, string Note) : SheetPart(Heading);

/// <summary>A document in a frame that can do nothing; a form fills it.</summary>
public sealed record FramePart(string Heading, string Name) : SheetPart(Heading);

/// <summary>A table, or what an empty one teaches.</summary>
public sealed record TablePart(string Heading, IReadOnlyList<SheetColumn> Columns, IReadOnlyList<SheetRow> Rows, string Empty)
    : SheetPart(Heading)
{
    /// <summary>What is shown, as a choice of links.</summary>
    public IReadOnlyList<SheetLink> Filters { get; init; } = [];

    /// <summary>The next page.</summary>
    public string? More { get; init; }

    /// <inheritdoc />
    public override SheetPart WithForms(Func<SheetForm, SheetForm> change) =>
        this with
        {
            Rows = [.. Rows.Select(row => row with { Forms = [.. row.Forms.Select(change)] })],
        };
}

/// <summary>A column; figures stand right.</summary>
public sealed record SheetColumn(string Name, bool Figure = false);

/// <summary>A row, and what may be done about it.</summary>
public sealed record SheetRow(IReadOnlyList<SheetCell> Cells)
{
    /// <summary>Acts about this row.</summary>
    public IReadOnlyList<SheetForm> Forms { get; init; } = [];
}

/// <summary>What stands in a cell.</summary>
public sealed record SheetCell(string Text)
{
    /// <summary>Where it leads.</summary>
    public string? Href { get; init; }

    /// <summary>A state's kind, where it is one.</summary>
    public string? Chip { get; init; }

    /// <summary>What stands smaller under it.</summary>
    public string? Small { get; init; }

    /// <summary>The same as programs read it, such as 18.90 or 2026-11-23; the text where absent.</summary>
    public string? Raw { get; init; }
}

/// <summary>Things one after the other, each with its reasons and its acts.</summary>
public sealed record CardsPart(string Heading, IReadOnlyList<SheetCard> Cards, string Empty) : SheetPart(Heading)
{
    /// <summary>What is shown, as a choice of links.</summary>
    public IReadOnlyList<SheetLink> Filters { get; init; } = [];

    /// <summary>The next page.</summary>
    public string? More { get; init; }

    /// <inheritdoc />
    public override SheetPart WithForms(Func<SheetForm, SheetForm> change) =>
        this with
        {
            Cards = [.. Cards.Select(card => card with { Forms = [.. card.Forms.Select(change)] })],
        };
}

/// <summary>One of them.</summary>
public sealed record SheetCard(string Title, string Figure)
{
    /// <summary>Where its title leads.</summary>
    public string? Href { get; init; }

    /// <summary>What is known of it in a line.</summary>
    public string? Small { get; init; }

    /// <summary>Its state in a word, with the kind of chip.</summary>
    public (string Kind, string Text)? Chip { get; init; }

    /// <summary>Why it stands here.</summary>
    public IReadOnlyList<string> Reasons { get; init; } = [];

    /// <summary>What belongs to it.</summary>
    public IReadOnlyList<SheetLink> Links { get; init; } = [];

    /// <summary>What may be done.</summary>
    public IReadOnlyList<SheetForm> Forms { get; init; } = [];
}

/// <summary>Acts of a page.</summary>
public sealed record FormsPart(string Heading, IReadOnlyList<SheetForm> Forms) : SheetPart(Heading)
{
    /// <inheritdoc />
    public override SheetPart WithForms(Func<SheetForm, SheetForm> change) => this with { Forms = [.. Forms.Select(change)] };
}

/// <summary>An act: where it is sent, what it is called, and what it wants to know.</summary>
public sealed record SheetForm(string Action, string Button, IReadOnlyList<SheetField> Fields)
{
    /// <summary>What it is called while it is folded; unfolded where absent.</summary>
    public string? Folded { get; init; }

    /// <summary>The sentence that is asked before the button: amount and person where money moves.</summary>
    public string? Asks { get; init; }

    /// <summary>Whether it stands open.</summary>
    public bool Open { get; init; }

    /// <summary>Whether it is what the page is for.</summary>
    public bool Filled { get; init; }

    /// <summary>Whether it carries a file.</summary>
    public bool HasFile { get; init; }

    /// <summary>The key under which it is done once; a new one where it was not sent before.</summary>
    public string? Key { get; init; }

    /// <summary>Whether it only asks and changes nothing.</summary>
    public bool Asking { get; init; }

    /// <summary>A second button: its word, where it sends to, and the frame that it fills, if any.</summary>
    public (string Button, string Action, string? Frame)? Second { get; init; }

    /// <summary>The same with what was typed, and with the key that it was sent with where it is the very form, and not one of another row.</summary>
    public SheetForm Typed(Func<string, string?> typed, string? key = null) =>
        this with
        {
            Open = true,
            Key = Fields.All(field => field.Kind != "hidden" || field.Value == (typed(field.Name) ?? "")) ? key : null,
            Fields = [.. Fields.Select(field => field.Typed(typed(field.Name)))],
        };
}

/// <summary>What a form wants to know.</summary>
public sealed record SheetField(string Name, string Label)
{
    /// <summary>text, date, number, email, url, area, code, choice, check, file, password or hidden.</summary>
    public string Kind { get; init; } = "text";

    /// <summary>What stands in it.</summary>
    public string Value { get; init; } = "";

    /// <summary>Between what is chosen: the value and its word.</summary>
    public IReadOnlyList<(string Value, string Text)> Options { get; init; } = [];

    /// <summary>What helps to fill it in.</summary>
    public string? Hint { get; init; }

    /// <summary>Whether it may stay empty.</summary>
    public bool Optional { get; init; }

    /// <summary>The heading of the fields that belong together.</summary>
    public string? Group { get; init; }

    /// <summary>The same with what was typed; secrets and files are never shown again.</summary>
    public SheetField Typed(string? typed) =>
        Kind is "hidden" or "password" or "file" ? this
        : Kind == "check" ? this with { Value = typed is null ? "" : "yes" }
        : typed is null ? this
        : this with { Value = typed };
}
