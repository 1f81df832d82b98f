namespace AkkaScale.Pbm.Load.Replay;

/// <summary>
/// The gateways to send to, taken in turn. One that could not be reached is left out for a second, so that a dead
/// gateway costs a few attempts and not every third one; when all are left out, all are tried.
/// </summary>
public sealed class GatewayPool
{
    private static readonly TimeSpan Suspicion = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _time;
    private readonly long[] _suspectSince;
    private int _turn;

    public GatewayPool(IReadOnlyList<Uri> addresses, TimeProvider time)
    {
        ArgumentOutOfRangeException.ThrowIfZero(addresses.Count);
        Addresses = addresses;
        _time = time;
        _suspectSince = new long[addresses.Count];
        Array.Fill(_suspectSince, long.MinValue);
    }

    public IReadOnlyList<Uri> Addresses { get; }

    /// <param name="after">The gateway of the attempt before, avoided if there is another; -1 for a first attempt.</param>
    public int Next(int after = -1)
    {
        var count = Addresses.Count;
        var start = after >= 0 ? after + 1 : (int)((uint)Interlocked.Increment(ref _turn) % (uint)count);
        for (var i = 0; i < count; i++)
        {
            var candidate = (start + i) % count;
            if (!IsSuspect(candidate) && (candidate != after || count == 1))
            {
                return candidate;
            }
        }

        return start % count;
    }

    public void Suspect(int gateway) => Volatile.Write(ref _suspectSince[gateway], _time.GetTimestamp());

    public void Trust(int gateway) => Volatile.Write(ref _suspectSince[gateway], long.MinValue);

    private bool IsSuspect(int gateway)
    {
        var since = Volatile.Read(ref _suspectSince[gateway]);
        return since != long.MinValue && _time.GetElapsedTime(since) < Suspicion;
    }
}
