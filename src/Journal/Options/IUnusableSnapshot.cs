namespace AkkaScale.Journal.Options;

/// <summary>
/// What a serializer makes of a stored snapshot that cannot be used any more, of a former form of the state for instance. It is as if it
/// were not there: the entity is folded from its first event.
/// </summary>
public interface IUnusableSnapshot;
