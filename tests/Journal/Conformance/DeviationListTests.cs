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

    [Fact]
    public async Task A_deviation_that_is_seen_no_more_or_otherwise_fails()
    {
        var listed = new Deviation("some plugin", "Some_rule", "Actual:   20", "some reason");

        await listed.AssertSeenAsync(() => throw new InvalidOperationException("Expected: 30 Actual:   20"));
        var kept = await Record.ExceptionAsync(() => listed.AssertSeenAsync(() => Task.CompletedTask));
        Assert.Contains("strike it from the list", kept!.Message, StringComparison.Ordinal);
        Assert.NotNull(await Record.ExceptionAsync(
            () => listed.AssertSeenAsync(() => throw new InvalidOperationException("the server is away"))));
    }
}
