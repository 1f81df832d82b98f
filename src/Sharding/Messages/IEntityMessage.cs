using AkkaScale.Entities;

namespace AkkaScale.Sharding.Messages;

/// <summary>What a region routes to an entity.</summary>
internal interface IEntityMessage
{
    EntityKey Entity { get; }
}
