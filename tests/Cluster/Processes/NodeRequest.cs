using AkkaScale.Tests.Cluster.Hosting;

namespace AkkaScale.Tests.Cluster.Processes;

internal enum NodeVerb
{
    Note,
    Read,
    Report,
    Cut,
    Heal,

    /// <summary>Blocks all threads of the pool: the node hangs, though its own threads go on.</summary>
    Hang,

    /// <summary>Leaves in good order and exits.</summary>
    Leave,
}

/// <summary>One line to a node process.</summary>
/// <param name="Number">Comes back with the reply.</param>
/// <param name="Peer">Address of another node's remoting.</param>
internal sealed record NodeRequest(
    int Number, NodeVerb Verb, string? Entity = null, string? CommandId = null, string? Peer = null,
    LinkDirection Direction = LinkDirection.Both, TimeSpan Within = default);
