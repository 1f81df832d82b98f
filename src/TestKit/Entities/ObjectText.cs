using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text;

namespace AkkaScale.TestKit.Entities;

/// <summary>
/// An object as text, by its public properties and fields, one a line: what comparisons and differences are made of, so that lists inside
/// of records count by their contents. What no public member shows is not compared.
/// </summary>
internal static class ObjectText
{
    private const int DeepestLevel = 20;

    public static string Of(object? value)
    {
        var text = new StringBuilder();
        Write(text, value, 0);
        return text.ToString();
    }

    private static void Write(StringBuilder text, object? value, int level)
    {
        if (level > DeepestLevel)
        {
            text.Append("…");
        }
        else if (Scalar(value) is { } scalar)
        {
            text.Append(scalar);
        }
        else if (value is IEnumerable items)
        {
            WriteItems(text, items, level);
        }
        else
        {
            WriteMembers(text, value!, level);
        }
    }

    private static string? Scalar(object? value) => value switch
    {
        null => "null",
        string word => $"\"{word}\"",
        DateTimeOffset or DateTime or TimeOnly => ((IFormattable)value).ToString("O", CultureInfo.InvariantCulture),
        Enum or Type => value.ToString(),
        double or float => ((IFormattable)value).ToString("R", CultureInfo.InvariantCulture),
        _ when value.GetType().IsPrimitive => Convert.ToString(value, CultureInfo.InvariantCulture),
        // Values of the runtime's own that are no containers: decimal, Guid, Uri, TimeSpan, DateOnly, …
        IFormattable plain when IsOfRuntime(value) => plain.ToString(null, CultureInfo.InvariantCulture),
        Uri or Version => value.ToString(),
        _ => null,
    };

    private static void WriteItems(StringBuilder text, IEnumerable items, int level)
    {
        // The default of ImmutableArray throws when it is walked.
        if (items.GetType().GetProperty("IsDefault") is { } isDefault && isDefault.GetValue(items) is true)
        {
            text.Append("(default)");
            return;
        }

        var lines = items.Cast<object?>().Select(item => Nested(item, level + 1)).ToList();
        if (IsUnordered(items.GetType()))
        {
            lines.Sort(StringComparer.Ordinal);
        }

        WriteBlock(text, '[', ']', lines, level);
    }

    private static void WriteMembers(StringBuilder text, object value, int level)
    {
        var type = value.GetType();
        text.Append(type.IsGenericType && type.Name.StartsWith("KeyValuePair", StringComparison.Ordinal) ? "" : $"{type.Name} ");
        var members = type.GetProperties(BindingFlags.Instance | BindingFlags.Public)
            .Where(property => property.GetMethod is { IsPublic: true } && property.GetIndexParameters().Length == 0)
            .Select(property => (property.Name, Value: Read(property, value)))
            .Concat(type.GetFields(BindingFlags.Instance | BindingFlags.Public).Select(field => (field.Name, Value: field.GetValue(value))));
        WriteBlock(text, '{', '}', members.Select(member => $"{member.Name}: {Nested(member.Value, level + 1)}").ToList(), level);
    }

    private static void WriteBlock(StringBuilder text, char open, char close, IReadOnlyList<string> lines, int level)
    {
        if (lines.Count == 0)
        {
            text.Append(open).Append(close);
            return;
        }

        text.Append(open).Append('\n');
        foreach (var line in lines)
        {
            text.Append(' ', (level + 1) * 2).Append(line).Append('\n');
        }

        text.Append(' ', level * 2).Append(close);
    }

    private static string Nested(object? value, int level)
    {
        var text = new StringBuilder();
        Write(text, value, level);
        return text.ToString();
    }

    private static object? Read(PropertyInfo property, object value)
    {
        try
        {
            return property.GetValue(value);
        }
        catch (TargetInvocationException thrown)
        {
            return $"throws {thrown.InnerException?.GetType().Name}";
        }
    }

    private static bool IsOfRuntime(object value) => value.GetType().Assembly == typeof(object).Assembly;

    /// <summary>Sets and dictionaries that promise no order of their own.</summary>
    private static bool IsUnordered(Type type) =>
        !type.Name.Contains("Sorted", StringComparison.Ordinal)
        && type.GetInterfaces().Any(face => face.IsGenericType
            && (face.GetGenericTypeDefinition() == typeof(IReadOnlySet<>) || face.GetGenericTypeDefinition() == typeof(ISet<>)
                || face.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>) || face.GetGenericTypeDefinition() == typeof(IDictionary<,>)));
}
