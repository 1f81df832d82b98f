namespace AkkaScale.Tests.Simulation.Cluster;

/// <summary>Chances of one seed.</summary>
internal sealed class Dice(int seed)
{
    private readonly Random _random = new(seed);

    public bool Chance(double probability) => _random.NextDouble() < probability;

    public int Below(int bound) => _random.Next(bound);

    public double Between(double least, double most) => least + (_random.NextDouble() * (most - least));

    public TimeSpan Seconds(double least, double most) => TimeSpan.FromSeconds(Between(least, most));

    public T Of<T>(IReadOnlyList<T> choices) => choices[_random.Next(choices.Count)];

    public void Shuffle<T>(List<T> list)
    {
        for (var index = list.Count - 1; index > 0; index--)
        {
            var other = _random.Next(index + 1);
            (list[index], list[other]) = (list[other], list[index]);
        }
    }
}
