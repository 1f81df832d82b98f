using System.Text.Json;

namespace AkkaScale.Tests.Cluster.Processes;

/// <summary>One line from a node process. Number 0 says that it has started.</summary>
/// <param name="Value">Null when the node could not answer in time.</param>
/// <param name="Error">What it threw.</param>
internal sealed record NodeReply(int Number, JsonElement? Value, string? Error)
{
    /// <summary>By which a line of this kind is told from anything else on the standard output.</summary>
    public const string Prefix = "> ";
}
