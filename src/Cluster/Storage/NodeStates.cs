using AkkaScale.Cluster.Members;

namespace AkkaScale.Cluster.Storage;

/// <summary>How the column <c>state</c> writes a <see cref="NodeState"/>.</summary>
internal static class NodeStates
{
    public static string ToText(NodeState state) => state switch
    {
        NodeState.Live => "live",
        NodeState.Down => "down",
        NodeState.Left => "left",
        NodeState.Dead => "dead",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
    };

    public static NodeState Parse(string text) => text switch
    {
        "live" => NodeState.Live,
        "down" => NodeState.Down,
        "left" => NodeState.Left,
        "dead" => NodeState.Dead,
        _ => throw new FormatException($"There is no state {text} of a node."),
    };
}
