using System.Collections;
using System.Reflection;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Services.Tests.Contracts;

/// <summary>A record or message with every field filled, the same at every run, for the first golden file of a contract.</summary>
internal static class Sample
{
    private static readonly Guid Id = Guid.Parse("0199f0c4-7a3b-7c1d-9e55-1f2a3b4c5d6e");

    public static object Of(Type type, string name = "")
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string))
        {
            return TextOf(name);
        }

        if (type == typeof(decimal))
        {
            return name.EndsWith("Rate", StringComparison.Ordinal) ? 21m
                : name == "Quantity" ? 2m
                : 12.10m;
        }

        if (type == typeof(DateTimeOffset))
        {
            return new DateTimeOffset(2026, 11, 23, 10, 15, 30, TimeSpan.FromHours(1));
        }

        if (type == typeof(DateOnly))
        {
            return new DateOnly(2026, 11, 23);
        }

        if (type == typeof(Currency))
        {
            return Currency.Eur;
        }

        if (type.IsEnum)
        {
            return Enum.GetValues(type).GetValue(0)!;
        }

        if (type.IsPrimitive)
        {
            return type == typeof(bool) ? true : Convert.ChangeType(1, type, System.Globalization.CultureInfo.InvariantCulture);
        }

        if (type.GetInterfaces().FirstOrDefault(each => each.IsGenericType && each.GetGenericTypeDefinition() == typeof(IId<,>)) is { } id)
        {
            object value = id.GetGenericArguments()[1] == typeof(Guid) ? Id : TextOf(type.Name);
            return type.GetMethod("Of", BindingFlags.Public | BindingFlags.Static)!.Invoke(null, [value])!;
        }

        if (type.IsGenericType && typeof(IEnumerable).IsAssignableFrom(type))
        {
            var element = type.GetGenericArguments()[0];
            var list = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(element))!;
            list.Add(Of(element, name));
            return list;
        }

        var record = System.Runtime.CompilerServices.RuntimeHelpers.GetUninitializedObject(type);
        foreach (var property in type.GetProperties().Where(each => each.SetMethod is not null))
        {
            property.SetValue(record, Of(property.PropertyType, property.Name));
        }

        return record;
    }

    /// <summary>A protobuf message with every field filled.</summary>
    public static IMessage Of(MessageDescriptor descriptor, int depth = 0)
    {
        var message = descriptor.Parser.ParseFrom(ByteString.Empty);
        foreach (var field in descriptor.Fields.InDeclarationOrder())
        {
            if (depth > 3 && field.FieldType == FieldType.Message)
            {
                continue;
            }

            object value = field.FieldType switch
            {
                FieldType.Message => Of(field.MessageType, depth + 1),
                FieldType.String => TextOf(field.JsonName),
                FieldType.Bytes => ByteString.CopyFromUtf8("{}"),
                FieldType.Bool => true,
                FieldType.Int64 => 1L,
                FieldType.Int32 => 1,
                _ => throw new NotSupportedException($"{field.FullName}: teach Sample the type {field.FieldType}"),
            };
            if (field.IsRepeated)
            {
                ((IList)field.Accessor.GetValue(message)).Add(value);
            }
            else
            {
                field.Accessor.SetValue(message, value);
            }
        }

        return message;
    }

    private static string TextOf(string name) =>
        JsonNamingPolicy.CamelCase.ConvertName(name) switch
        {
            "currency" => "EUR",
            "country" or "taxIdCountry" => "ES",
            "language" => "es",
            "email" or "recipient" => "ana@example.com",
            "taxId" => "B12345674",
            "category" => "S",
            "timeZone" => "Europe/Madrid",
            "typeCode" => "380",
            "number" or "correctiveNumber" => "F-S01-2026-000123",
            "series" => "F-S01-2026",
            "recordType" => "F1",
            "regime" => "verifactu",
            "unit" => "C62",
            "regimeKey" => "01",
            "tax" => "iva",
            "iban" => "ES9121000418450200051332",
            "colour" => "#0b6e4f",
            "paymentReference" => "RF18539007547034",
            "fingerprint" or "previousFingerprint" => new string('A', 64),
            var other => $"{other} of the sample",
        };
}
