namespace AkkaScale.Journal.Writing;

/// <summary>Bounds of a lane. A single request above the bounds of a batch still goes, alone.</summary>
/// <param name="BatchRows">Rows of one statement.</param>
/// <param name="BatchBytes">Bytes of one statement.</param>
/// <param name="WaitingRequests">Above that a write is refused at once.</param>
/// <param name="WaitingBytes">Above that a write is refused at once.</param>
internal sealed record LaneLimits(int BatchRows, int BatchBytes, int WaitingRequests, long WaitingBytes);
