using AkkaScale.TestKit.Processes;
using AkkaScale.Tests.Support;
using Xunit;

namespace AkkaScale.Tests.EndToEnd;

/// <summary>A node that has to end by itself, with an exit code and words that say what to change.</summary>
internal static class RefusedNode
{
    public const int ConfigurationRefused = 64;
    public const int StoreNotReachable = 69;

    private static readonly TimeSpan EndBound = TimeSpan.FromSeconds(30);

    /// <param name="words">What the log must name, the command line aside.</param>
    public static async Task RefusesAsync(NodeSettings settings, int exitCode, params IReadOnlyList<string> words)
    {
        await using var node = NodeProcess.Start(settings);
        var actual = await node.WaitForExitAsync(EndBound);

        // The first line of the captured log is the command line, which names everything anyway.
        var said = node.Log[(node.Log.IndexOf('\n') + 1)..];
        Assert.True(actual == exitCode, $"ended with {actual} where {exitCode} was expected:\n{said}");
        Assert.All(words, word => Assert.Contains(word, said));
        Assert.DoesNotContain("   at ", said); // a person reads this, not a debugger
        Assert.DoesNotContain("secret-word", said);
    }
}
