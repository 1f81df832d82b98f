using System.Text;

namespace AkkaScale.Hosting.Metrics;

/// <summary>
/// Names and labels as the Prometheus text format wants them, after the OpenTelemetry rules for it: dots become
/// underscores, the unit becomes a suffix, a counter ends in <c>_total</c>.
/// </summary>
internal static class PrometheusName
{
    /// <summary>Longer label values are cut: they come from outside, and each is kept as long as the process lives.</summary>
    public const int MaxLabelValueLength = 256;

    public static string Of(string instrument, string? unit, MetricKind kind)
    {
        var name = Sanitize(instrument);
        var suffix = UnitSuffix(unit, kind);
        if (suffix.Length > 0 && !name.EndsWith($"_{suffix}", StringComparison.Ordinal) && name != suffix)
        {
            name = $"{name}_{suffix}";
        }

        return kind is MetricKind.Counter or MetricKind.ObservedCounter && !name.EndsWith("_total", StringComparison.Ordinal)
            ? $"{name}_total"
            : name;
    }

    /// <summary>The text between the braces: names sorted, values escaped; empty without labels.</summary>
    public static string Labels(IEnumerable<KeyValuePair<string, object?>> tags)
    {
        var byName = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in tags)
        {
            var name = Sanitize(key).Replace(':', '_');
            var text = TextOf(value);

            // Two tags may become one name, which a series must not have twice.
            byName[name] = byName.TryGetValue(name, out var earlier) && earlier != text ? $"{earlier};{text}" : text;
        }

        return string.Join(',', byName.Select(label => $"{label.Key}=\"{EscapeLabelValue(label.Value)}\""));
    }

    public static string EscapeHelp(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private static string EscapeLabelValue(string text) => EscapeHelp(text).Replace("\"", "\\\"", StringComparison.Ordinal);

    private static string TextOf(object? value)
    {
        var text = value switch
        {
            null => "",
            bool flag => flag ? "true" : "false",
            _ => Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture) ?? "",
        };
        return text.Length <= MaxLabelValueLength ? text : text[..MaxLabelValueLength];
    }

    private static string Sanitize(string text)
    {
        var name = new StringBuilder(text.Length + 1);
        foreach (var c in text)
        {
            var valid = char.IsAsciiLetterOrDigit(c) || c is '_' or ':';
            if (valid || name.Length == 0 || name[^1] != '_')
            {
                name.Append(valid ? c : '_');
            }
        }

        return name.Length == 0 || char.IsAsciiDigit(name[0]) ? $"_{name}" : name.ToString();
    }

    private static string UnitSuffix(string? unit, MetricKind kind) => unit switch
    {
        null or "" => "",
        "s" => "seconds",
        "ms" => "milliseconds",
        "us" => "microseconds",
        "ns" => "nanoseconds",
        "By" => "bytes",
        "KiBy" => "kibibytes",
        "MiBy" => "mebibytes",
        "%" => "percent",
        "1" => kind == MetricKind.Gauge ? "ratio" : "",
        ['{', ..] => "",
        _ => Sanitize(unit),
    };
}
