namespace AkkaScale.Tests.Verdict.Report;

/// <summary>A history in slots of equal length: one second, or more where a run is too long for that.</summary>
internal sealed class Timeline
{
    private const int MostSlots = 900;
    private const long Second = 1_000_000;

    public Timeline(History history)
    {
        Length = Math.Max(Second, history.End);
        SlotLength = Second * Math.Max(1, (Length + (MostSlots * Second) - 1) / (MostSlots * Second));
        var slots = new Slot[(Length / SlotLength) + 1];
        var latencies = new List<long>?[slots.Length];
        foreach (var operation in history.Operations)
        {
            var end = Math.Min(operation.Return ?? history.End, history.End);
            var at = Math.Clamp(end / SlotLength, 0, slots.Length - 1);
            ref var slot = ref slots[at];
            switch (operation)
            {
                case { IsAnswered: true, Status: OperationStatus.Ok }: slot.Accepted++; break;
                case { IsAnswered: true }: slot.Denied++; break;
                case { Status: OperationStatus.Timeout } or { Return: null }: slot.Timeouts++; break;
                case { Status: OperationStatus.Unavailable }: slot.Unavailable++; break;
                default: slot.Errors++; break;
            }

            if (operation.IsAnswered)
            {
                (latencies[at] ??= []).Add(end - operation.Call);
            }
        }

        for (var at = 0; at < slots.Length; at++)
        {
            if (latencies[at] is { } taken)
            {
                taken.Sort();
                (slots[at].Median, slots[at].Ninetyninth, slots[at].Longest) = (At(taken, 0.5), At(taken, 0.99), taken[^1]);
            }
        }

        Slots = slots;
        Longest = slots.Max(slot => slot.Longest);
    }

    /// <summary>Microseconds.</summary>
    public long Length { get; }

    /// <summary>Microseconds.</summary>
    public long SlotLength { get; }

    public IReadOnlyList<Slot> Slots { get; }

    /// <summary>The longest that anybody waited for an answer, in microseconds.</summary>
    public long Longest { get; }

    /// <summary>Of counts in a slot.</summary>
    public double PerSecond(long count) => (double)count * Second / SlotLength;

    private static long At(List<long> sorted, double share) => sorted[Math.Min(sorted.Count - 1, (int)(share * sorted.Count))];

    /// <summary>By the time at which operations ended. Latencies are those of answers, in microseconds.</summary>
    internal struct Slot
    {
        public long Accepted;
        public long Denied;
        public long Timeouts;
        public long Unavailable;
        public long Errors;
        public long Median;
        public long Ninetyninth;
        public long Longest;

        public readonly bool HasAnswers => Accepted + Denied > 0;
    }
}
