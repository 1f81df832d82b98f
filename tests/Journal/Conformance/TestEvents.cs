using Akka.Actor;

namespace AkkaScale.Tests.Journal.Conformance;

/// <summary>The plain event of the rules; its serializer names its manifest.</summary>
public sealed record Noted(string Text);

/// <summary>What the event adapters store; see <see cref="EventAdapterSettings"/>.</summary>
public sealed record Renamed(string Text);

/// <summary>An event whose serializer has no manifest of its own, so that the type's name is stored.</summary>
public sealed record Plain(string Text);

/// <summary>An event that holds an actor: its address must be that of the system that wrote it.</summary>
public sealed record Pointing(IActorRef Target);

/// <summary>No serializer can write it.</summary>
public sealed record Unwritable;

/// <summary>What was written can no longer be read.</summary>
public sealed record Unreadable;

/// <summary>State for snapshots.</summary>
public sealed record Notebook(string Text);

/// <summary>Domain events that event adapters turn into others; see <see cref="EventAdapterSettings"/>.</summary>
public sealed record Doubled(string Text);

public sealed record Dropped(string Text);

public sealed record Wrapped(string Text);

public sealed record Labelled(string Text);
