using AkkaScale.LegacyCluster.Ownership;

namespace AkkaScale.LegacyJournal.Schema;

/// <summary>How the kind of an order is written.</summary>
internal static class OrderColumns
{
    public static string Text(NodeOrderKind kind) => kind switch
    {
        NodeOrderKind.Cordon => "cordon",
        NodeOrderKind.Drain => "drain",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    public static NodeOrderKind Kind(string text) => text switch
    {
        "cordon" => NodeOrderKind.Cordon,
        "drain" => NodeOrderKind.Drain,
        _ => throw new InvalidDataException($"The store holds an unknown order '{text}'."),
    };
}
