namespace AkkaScale.Tests.Chaos.Rig;

/// <summary>One direction between two hosts on the detour, and what became of its frames.</summary>
/// <param name="card">Of the host it leads to.</param>
internal sealed class Route(Disturbance disturbance, byte[] card)
{
    private long _passed;
    private long _lost;

    public Disturbance Disturbance { get; } = disturbance;

    public byte[] Card { get; } = card;

    public long Passed => Interlocked.Read(ref _passed);

    public long Lost => Interlocked.Read(ref _lost);

    public void Pass() => Interlocked.Increment(ref _passed);

    public void Lose() => Interlocked.Increment(ref _lost);
}
