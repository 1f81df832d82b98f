namespace AkkaScale.TestKit.Networks;

/// <summary>A host of a <see cref="SpecNetwork"/>: a network namespace with an address of its own.</summary>
/// <param name="Number">1, 2, … in order of making.</param>
/// <param name="Namespace">Its name for ip-netns(8).</param>
/// <param name="Address">Under which the other hosts and the test reach it.</param>
public sealed record SpecHost(string Name, int Number, string Namespace, string Address)
{
    /// <summary>What a command is preceded by to run on this host; the command replaces it, so that its process id is the command's.</summary>
    public IReadOnlyList<string> Entering => ["ip", "netns", "exec", Namespace];
}
