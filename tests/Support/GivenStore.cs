namespace AkkaScale.Tests.Support;

/// <summary>A store that is there already, a restored one say; whoever made it removes it.</summary>
public sealed class GivenStore(params IReadOnlyList<string> arguments) : TestStore
{
    public override IReadOnlyList<string> Arguments { get; } = arguments;

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
