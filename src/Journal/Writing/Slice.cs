namespace AkkaScale.Journal.Writing;

/// <summary>
/// What a batch writes under one lease and epoch: it commits or is refused as one. <see cref="Unfenced"/> holds what needs no lease.
/// </summary>
internal readonly record struct Slice(string? Lease, long Epoch)
{
    public static readonly Slice Unfenced;

    public bool IsFenced => Lease is not null;
}
