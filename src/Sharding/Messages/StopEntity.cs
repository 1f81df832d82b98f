namespace AkkaScale.Sharding.Messages;

/// <summary>
/// Told to an entity for a hand-over and for passivation: take nothing more, finish what is being written, stop. Akka's poison pill would
/// stop it between two of its own writes.
/// </summary>
internal sealed class StopEntity
{
    private StopEntity()
    {
    }

    public static StopEntity Instance { get; } = new();
}
