using System.Text.RegularExpressions;
using AkkaScale.Node.Options;
using Microsoft.Extensions.Configuration;

namespace AkkaScale.Tests.Unit.Deploy;

/// <summary>A variable that the product does not know is a setting that silently does nothing.</summary>
public sealed partial class ConfigurationKeyTests
{
    public static TheoryData<string> Files => new("Dockerfile", "docker-compose.yml", "deploy/entrypoint.sh", "run.sh", "deploy/local/nodes.sh");

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_variable_a_file_sets_is_a_documented_key(string file)
    {
        var documented = DocumentedKeys().Select(key => key.ToUpperInvariant()).ToHashSet();
        var set = DeployFiles.VariablesOf(DeployFiles.Read(file));

        Assert.NotEmpty(set);
        Assert.All(set, key => Assert.Contains(ListOf(key), documented));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_variable_a_file_sets_is_a_setting_of_the_product(string file)
    {
        // Binding refuses what it does not know; what it knows it may still find badly formed.
        foreach (var key in DeployFiles.VariablesOf(DeployFiles.Read(file)))
        {
            Assert.True(IsSetting(typeof(AkkaScaleOptions), key.Split(':')), $"{file} sets {key}, which is no property of the options");
        }
    }

    [Fact]
    public void Every_documented_key_is_a_setting_of_the_product_with_the_documented_default()
    {
        foreach (var (key, value) in DocumentedDefaults())
        {
            Assert.True(IsSetting(typeof(AkkaScaleOptions), key.Split(':')), $"{key} is documented and no property of the options");
            if (value is null)
            {
                continue; // given in words
            }

            // Two ways to the same options: nothing set, and the documented default set.
            var plain = Read([]);
            var set = Read(new Dictionary<string, string?> { [$"{AkkaScaleOptions.Section}:{key}"] = value });
            Assert.Equal(Value(plain, key), Value(set, key));
        }
    }

    [Fact]
    public void Every_setting_of_the_product_is_documented()
    {
        var documented = DocumentedKeys().ToHashSet();

        Assert.All(SettingsOf(typeof(AkkaScaleOptions), ""), key => Assert.Contains(key, documented));
    }

    [Fact]
    public void Every_switch_of_the_product_is_documented_and_every_documented_one_exists()
    {
        var documented = Rows().Where(row => row[1].Length > 0).ToDictionary(row => row[1].Trim('`'), row => $"{AkkaScaleOptions.Section}:{row[0].Trim('`')}");

        Assert.Equal(AkkaScaleOptions.Switches.OrderBy(entry => entry.Key, StringComparer.Ordinal), documented.OrderBy(entry => entry.Key, StringComparer.Ordinal));
    }

    private static AkkaScaleOptions Read(IEnumerable<KeyValuePair<string, string?>> values) =>
        AkkaScaleOptions.Read(new ConfigurationBuilder().AddInMemoryCollection(values).Build());

    private static object? Value(AkkaScaleOptions options, string key) =>
        key.Split(':').Aggregate((object?)options, (owner, name) => owner!.GetType().GetProperty(name)!.GetValue(owner));

    private static IEnumerable<string> SettingsOf(Type type, string before) => type.GetProperties()
        .Where(property => property.GetMethod is { IsStatic: false } && (property.CanWrite || property.PropertyType.IsGenericType || IsSection(property.PropertyType)))
        .Where(property => property.Name != nameof(NodeOptions.RoleNames))
        .SelectMany(property => IsSection(property.PropertyType) ? SettingsOf(property.PropertyType, $"{before}{property.Name}:") : [$"{before}{property.Name}"]);

    private static bool IsSection(Type type) => type.Name.EndsWith("Options", StringComparison.Ordinal);

    private static bool IsSetting(Type type, IEnumerable<string> path)
    {
        foreach (var name in path)
        {
            if (type.IsGenericType && int.TryParse(name, System.Globalization.CultureInfo.InvariantCulture, out _))
            {
                type = type.GetGenericArguments()[0]; // an element of a list
                continue;
            }

            // Lists and sections of a section are filled, not set.
            var property = type.GetProperties().FirstOrDefault(property => string.Equals(property.Name, name, StringComparison.OrdinalIgnoreCase)
                && (property.CanWrite || property.PropertyType.IsGenericType || IsSection(property.PropertyType)));
            if (property is null)
            {
                return false;
            }

            type = property.PropertyType;
        }

        return true;
    }

    /// <summary>A setting of an element of a list is documented with the list.</summary>
    private static string ListOf(string key) => Regex.Split(key, @":\d+")[0];

    private static IEnumerable<string> DocumentedKeys() =>
        Rows().Select(row => row[0].Trim('`'));

    private static IEnumerable<(string Key, string? Default)> DocumentedDefaults() =>
        Rows().Select(row => (row[0].Trim('`'), row[2] is ['`', .. var value, '`'] ? value : null));

    private static IEnumerable<string[]> Rows()
    {
        var rows = DeployFiles.Configuration.Split('\n')
            .Where(line => Row().IsMatch(line))
            .Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries))
            .ToList();
        Assert.NotEmpty(rows);
        return rows;
    }

    [GeneratedRegex(@"^\| `[A-Za-z]+(:[A-Za-z]+)+` \|")]
    private static partial Regex Row();
}
