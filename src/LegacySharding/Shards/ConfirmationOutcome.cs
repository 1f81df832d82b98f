namespace AkkaScale.LegacySharding.Shards;

/// <summary>What the store said of a shard's owner and epoch.</summary>
internal enum ConfirmationOutcome : byte
{
    /// <summary>The row named this owner and this epoch, at some moment after the question.</summary>
    Confirmed,

    /// <summary>It names another owner, nobody, or another epoch.</summary>
    NotOwner,

    /// <summary>It did not say, or not in time.</summary>
    Unavailable,
}
