using AkkaScale.Entities;

namespace AkkaScale.Sharding.Events;

/// <summary>An answered command, as its entity remembers it.</summary>
/// <param name="Hash">Of what was asked; empty when its sender gave none.</param>
/// <param name="Version">The entity's version at the answer.</param>
internal readonly record struct RememberedCommand(Guid CommandId, PayloadHash Hash, long Version, StoredAnswer Answer)
{
    /// <summary>A command id as it stands in the journal's column and in all that is stored: 32 hexadecimal digits.</summary>
    public static string Text(Guid commandId) => commandId.ToString("N");
}
