using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using AkkaScale.Hosting.Options;

namespace AkkaScale.Hosting.Reports;

/// <summary>The settings in force, by name; for comparing nodes. Nothing that gives access to anything is among them.</summary>
internal static class SettingsSection
{
    private static readonly string[] Sections = ["Cluster", "Node", "Store", "Sharding", "Allocation"];
    private static readonly string[] Hidden = ["Secret", "Password", "Token", "ConnectionString", "Certificate", "Key"];

    public static IReadOnlyDictionary<string, string> Of(AkkaScaleOptions options) => typeof(AkkaScaleOptions)
        .GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(section => Sections.Contains(section.Name))
        .SelectMany(section => Of(section.Name, section.GetValue(options)!))
        .ToImmutableSortedDictionary(StringComparer.Ordinal);

    private static IEnumerable<KeyValuePair<string, string>> Of(string section, object options) => options.GetType()
        .GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(setting => setting.CanWrite && IsShown(setting))
        .Select(setting => KeyValuePair.Create($"{section}:{setting.Name}", Convert.ToString(setting.GetValue(options), CultureInfo.InvariantCulture) ?? ""));

    private static bool IsShown(PropertyInfo setting) =>
        (setting.PropertyType.IsPrimitive || setting.PropertyType == typeof(string) || setting.PropertyType == typeof(TimeSpan) || setting.PropertyType.IsEnum)
        && !Hidden.Any(hidden => setting.Name.Contains(hidden, StringComparison.OrdinalIgnoreCase));
}
