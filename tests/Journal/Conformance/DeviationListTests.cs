using System.Reflection;

namespace AkkaScale.Tests.Journal.Conformance;

public sealed class DeviationListTests
{
    [Fact]
    public void Every_deviation_names_a_rule_and_says_why()
    {
        var rules = typeof(PluginSpec).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods())
            .Where(method => method.GetCustomAttribute<FactAttribute>() is not null)
            .Select(method => method.Name)
            .ToHashSet();

        Assert.All(Deviations.All, each => Assert.Contains(each.Rule, rules));
        Assert.All(Deviations.All, each => Assert.False(string.IsNullOrWhiteSpace(each.Seen) || string.IsNullOrWhiteSpace(each.Reason)));
        Assert.Equal(Deviations.All.Count, Deviations.All.DistinctBy(each => (each.Plugin, each.Rule)).Count());
    }
}
