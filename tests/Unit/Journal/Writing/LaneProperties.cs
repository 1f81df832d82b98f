using CsCheck;

namespace AkkaScale.Tests.Unit.Journal.Writing;

public sealed class LaneProperties
{
    [Fact]
    public void Whatever_the_database_does_each_write_gets_the_one_outcome_that_is_true() =>
        Gen.Select(Gen.Int[0, 1000], Gen.Int[0, 1000]).Array[0, 120].Sample(
            history =>
            {
                var world = new LaneWorld();
                foreach (var (op, argument) in history)
                {
                    world.Do(op, argument);
                }

                world.Finish();
            },
            iter: 5_000);
}
