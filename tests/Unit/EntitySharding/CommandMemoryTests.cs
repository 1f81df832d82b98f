using AkkaScale.Sharding.Entities;
using AkkaScale.Sharding.Events;

namespace AkkaScale.Tests.Unit.EntitySharding;

public sealed class CommandMemoryTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(6)]
    [InlineData(256)]
    public void The_latest_are_found_the_oldest_forgotten_and_the_holes_admitted(int bound)
    {
        var memory = new CommandMemory();
        for (var index = 0; index < bound; index++)
        {
            Add(memory, index, bound);
            Assert.False(memory.IsTruncated);
        }

        for (var index = bound; index < 3 * bound; index++)
        {
            Add(memory, index, bound);
            Assert.True(memory.IsTruncated);
            for (var known = 0; known <= index; known++)
            {
                Assert.Equal(known > index - bound, memory.TryFind(IdOf(known), out var found) && found.Version == known);
            }

            Assert.Equal(
                Enumerable.Range(index - bound + 1, bound).Select(each => (long)each), memory.ToArray().Select(each => each.Version));
        }

        Assert.Equal(bound, memory.Count);
    }

    private static void Add(CommandMemory memory, int index, int bound) =>
        memory.Add(new RememberedCommand(IdOf(index), default, index, StoredAnswer.Accepted), bound);

    private static Guid IdOf(int index) => new(index + 1, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]);
}
