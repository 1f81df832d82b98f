using System.Text;

namespace AkkaScale.Sharding.Allocation;

/// <summary>
/// Points of members on a circle of hashes: a shard belongs to the first member with room from the shard's own hash on. Consistent hashing with
/// bounded loads after Mirrokni, Thorup and Zadimoghaddam, "Consistent Hashing with Bounded Loads", 2016.
/// </summary>
internal sealed class HashRing
{
    private const int PointsOfSeat = 128;

    private readonly ulong[] _hashes;
    private readonly Seat[] _seats;

    /// <param name="seats">In order of name; several members of one name are told apart by their order.</param>
    public HashRing(IReadOnlyList<Seat> seats)
    {
        _hashes = new ulong[seats.Count * PointsOfSeat];
        _seats = new Seat[_hashes.Length];
        for (var (index, ordinal) = (0, 0); index < seats.Count; index++)
        {
            ordinal = index > 0 && seats[index - 1].Name == seats[index].Name ? ordinal + 1 : 0;
            var name = Mix(HashOf(seats[index].Name) + (ulong)ordinal);
            for (var point = 0; point < PointsOfSeat; point++)
            {
                _hashes[(index * PointsOfSeat) + point] = Mix(name + ((ulong)point * 0x9E3779B97F4A7C15));
                _seats[(index * PointsOfSeat) + point] = seats[index];
            }
        }

        Array.Sort(_hashes, _seats);
    }

    /// <summary>The first member from the shard's place on that has room; null when none has.</summary>
    public Seat? Find(int shard, Func<Seat, bool> hasRoom)
    {
        var found = Array.BinarySearch(_hashes, Mix(Mix((ulong)shard + 1)));
        var start = found < 0 ? ~found : found;
        for (var step = 0; step < _seats.Length; step++)
        {
            var seat = _seats[(start + step) % _seats.Length];
            if (hasRoom(seat))
            {
                return seat;
            }
        }

        return null;
    }

    /// <summary>FNV-1a over UTF-8: fixed for all time and all machines, unlike the runtime's own hash of strings.</summary>
    private static ulong HashOf(string name)
    {
        var hash = 0xCBF29CE484222325;
        foreach (var part in Encoding.UTF8.GetBytes(name))
        {
            hash = (hash ^ part) * 0x100000001B3;
        }

        return hash;
    }

    /// <summary>The finalizer of SplitMix64 (Steele, Lea, Flood, 2014): every bit of the input sways every bit of the output.</summary>
    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
