namespace AkkaScale.Tests.Journal.Conformance;

/// <summary>A rule that a plugin is known not to keep.</summary>
/// <param name="Plugin">The plugin's name.</param>
/// <param name="Rule">The test's name.</param>
/// <param name="Seen">A part of what the failing test says: so that nothing else that breaks the test passes for the deviation.</param>
/// <param name="Reason">Why the plugin does so.</param>
public sealed record Deviation(string Plugin, string Rule, string Seen, string Reason)
{
    /// <summary>The rule must fail, and as it is listed.</summary>
    public async Task AssertSeenAsync(Func<Task> rule)
    {
        var failure = await Record.ExceptionAsync(rule);
        Assert.True(failure is not null, $"{Plugin} keeps '{Rule}' now: strike it from the list of deviations.");
        Assert.Contains(Seen, failure.ToString(), StringComparison.Ordinal);
    }
}
