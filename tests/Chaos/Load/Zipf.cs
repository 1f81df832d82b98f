namespace AkkaScale.Tests.Chaos.Load;

/// <summary>Chooses among n things, the k-th with a weight of 1/k: a few are asked for all the time, most now and then.</summary>
internal sealed class Zipf
{
    private readonly double[] _upTo;

    public Zipf(int count)
    {
        _upTo = new double[count];
        var sum = 0.0;
        for (var at = 0; at < count; at++)
        {
            _upTo[at] = sum += 1.0 / (at + 1);
        }
    }

    public int Next(Random random)
    {
        var found = Array.BinarySearch(_upTo, random.NextDouble() * _upTo[^1]);
        return Math.Min(found < 0 ? ~found : found, _upTo.Length - 1);
    }
}
