namespace AkkaScale.Tests.Chaos.Rig;

/// <summary>Directions that are cut or disturbed until this is healed or disposed of.</summary>
internal sealed class WireFault(Func<Direction, Task> heal) : IAsyncDisposable
{
    private readonly Queue<Direction> _directions = new();

    public void Add(Direction direction) => _directions.Enqueue(direction);

    /// <summary>Takes back what has not been taken back yet.</summary>
    public async Task HealAsync()
    {
        while (_directions.TryPeek(out var direction))
        {
            await heal(direction);
            _directions.Dequeue();
        }
    }

    public async ValueTask DisposeAsync() => await HealAsync();
}
