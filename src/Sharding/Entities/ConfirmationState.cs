using AkkaScale.Entities;

namespace AkkaScale.Sharding.Entities;

/// <summary>Decided reads that the database has yet to confirm: those it is being asked for, and those that came later.</summary>
internal sealed class ConfirmationState
{
    public List<(WaitingAsk Asked, EntityReply Reply)> Asked { get; set; } = [];

    public List<(WaitingAsk Asked, EntityReply Reply)> Next { get; set; } = [];

    /// <summary>Names the question under way.</summary>
    public long Batch { get; set; }
}
