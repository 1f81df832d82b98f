namespace AkkaScale.Tests.Chaos.Load;

/// <summary>What clients do, and where.</summary>
/// <param name="Think">Mean pause of a client between two operations.</param>
/// <param name="Deadline">When a client gives an operation up; its outcome is unknown then.</param>
internal sealed record LoadSettings(int Entities, int Clients, TimeSpan Think, TimeSpan Deadline, Func<IReadOnlyList<Uri>> Where)
{
    /// <summary>The share of operations that a client gives up when its first attempt is not answered within half a second.</summary>
    public int ImpatientPercent { get; init; } = 10;

    public IReadOnlyList<Uri> Gateways => Where();
}
