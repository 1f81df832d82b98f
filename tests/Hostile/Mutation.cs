using System.Buffers.Binary;

namespace AkkaScale.Tests.Hostile;

/// <summary>Changes valid bytes a little.</summary>
internal static class Mutation
{
    private static readonly long[] Limits =
        [0, 1, -1, 127, 128, 255, 256, short.MaxValue, short.MinValue, ushort.MaxValue, int.MaxValue, int.MinValue, uint.MaxValue, long.MaxValue, long.MinValue];

    public static byte[] Of(Random random, byte[] valid)
    {
        var bytes = valid;
        for (var changes = random.Next(1, 4); changes > 0; changes--)
        {
            bytes = Once(random, bytes);
        }

        return bytes;
    }

    private static byte[] Once(Random random, byte[] bytes)
    {
        if (bytes.Length == 0)
        {
            return Noise(random, random.Next(1, 32));
        }

        var at = random.Next(bytes.Length);
        var copy = (byte[])bytes.Clone();
        switch (random.Next(8))
        {
            case 0:
                copy[at] ^= (byte)(1 << random.Next(8));
                return copy;
            case 1:
                copy[at] = (byte)random.Next(256);
                return copy;
            case 2:
                return copy[..at];
            case 3:
                return [.. copy[..at], .. Noise(random, random.Next(1, 64)), .. copy[at..]];
            case 4:
                var end = random.Next(at, bytes.Length);
                return [.. copy[..end], .. copy[at..]];
            case 5:
                return [.. copy[..at], .. copy[Math.Min(bytes.Length, at + random.Next(1, 16))..]];
            case 6:
                Put(copy, at, Limits[random.Next(Limits.Length)], 1 << random.Next(4));
                return copy;
            default:
                return [.. copy, .. Noise(random, random.Next(1, 512))];
        }
    }

    public static byte[] Noise(Random random, int count)
    {
        var noise = new byte[count];
        random.NextBytes(noise);
        return noise;
    }

    private static void Put(byte[] bytes, int at, long value, int width)
    {
        Span<byte> number = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(number, value);
        number[^width..][..Math.Min(width, bytes.Length - at)].CopyTo(bytes.AsSpan(at));
    }
}
