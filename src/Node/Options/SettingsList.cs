using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;

namespace AkkaScale.Node.Options;

/// <summary>The settings in force, by name; for comparing nodes. Nothing that gives access to anything is among them.</summary>
internal static class SettingsList
{
    private static readonly string[] Sections = ["Cluster", "Node", "Store", "Sharding"];
    private static readonly string[] Hidden = ["Secret", "Password", "Token", "ConnectionString", "Certificate", "Key"];

    public static IReadOnlyDictionary<string, string> Of(AkkaScaleOptions options) => typeof(AkkaScaleOptions)
        .GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(section => Sections.Contains(section.Name))
        .SelectMany(section => Of(section.Name, section.GetValue(options)!))
        .ToImmutableSortedDictionary(StringComparer.Ordinal);

    /// <summary>A section within a section has its own properties after a colon.</summary>
    private static IEnumerable<KeyValuePair<string, string>> Of(string section, object options) => options.GetType()
        .GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(setting => !Hidden.Any(hidden => setting.Name.Contains(hidden, StringComparison.OrdinalIgnoreCase)))
        .SelectMany(setting => setting.GetValue(options) switch
        {
            { } value when setting.CanWrite && IsPlain(value.GetType()) =>
                [KeyValuePair.Create($"{section}:{setting.Name}", Convert.ToString(value, CultureInfo.InvariantCulture) ?? "")],
            { } inner when setting.PropertyType.Name.EndsWith("Options", StringComparison.Ordinal) => Of($"{section}:{setting.Name}", inner),
            _ => Array.Empty<KeyValuePair<string, string>>(),
        });

    private static bool IsPlain(Type type) => type.IsPrimitive || type == typeof(string) || type == typeof(TimeSpan) || type.IsEnum;
}
