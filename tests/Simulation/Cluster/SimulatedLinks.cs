namespace AkkaScale.Tests.Simulation.Cluster;

/// <summary>Which process's packets reach which, by slot and direction; and a record of it, as evidence.</summary>
internal sealed class SimulatedLinks(int slots)
{
    /// <summary>A hundred milliseconds each: the window of flapping by the slowest clock.</summary>
    private const int Samples = 210;

    /// <summary>What the stable time is at least by the fastest clock, less two samples.</summary>
    private const int ApartAtOnce = 26;

    /// <summary>A link that has healed is noticed at the next heartbeat; if it breaks again before, nobody has noticed.</summary>
    private const int NotYetNoticed = 3;

    /// <summary>The same of the limit of flapping.</summary>
    private const int ApartInSum = 45;

    private readonly int[,] _cuts = new int[slots, slots];
    private readonly Dictionary<(string, string), (bool[] Apart, int Next)> _records = [];

    public void Cut(int from, int to, int change) => _cuts[from, to] += change;

    /// <summary>A heartbeat needs both ways.</summary>
    public bool AreJoined(int one, int other) => _cuts[one, other] == 0 && _cuts[other, one] == 0;

    public void Record(string one, string other, bool apart)
    {
        var (record, next) = _records.GetValueOrDefault((one, other), (new bool[Samples], 0));
        record[next] = apart;
        _records[(one, other)] = (record, (next + 1) % Samples);
    }

    public bool HaveBeenApart(string one, string other)
    {
        if (!_records.TryGetValue(string.CompareOrdinal(one, other) < 0 ? (one, other) : (other, one), out var found))
        {
            return false;
        }

        var (record, next) = found;
        return record.Count(apart => apart) >= ApartInSum || WereApartAtOnce(record, next);
    }

    private static bool WereApartAtOnce(bool[] record, int next)
    {
        var joined = 0;
        for (var back = 1 + NotYetNoticed; back <= NotYetNoticed + ApartAtOnce; back++)
        {
            joined = record[(next - back + Samples) % Samples] ? 0 : joined + 1;
            if (joined > NotYetNoticed)
            {
                return false;
            }
        }

        return true;
    }
}
